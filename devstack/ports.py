# SPDX-License-Identifier: Apache-2.0
"""TCP ports on loopback: which are free, who holds the others, and is anybody answering."""

import os
import socket
import urllib.error
import urllib.request
from pathlib import Path

from devstack.errors import DevstackError

LOOPBACK = '127.0.0.1'


def is_free(port: int) -> bool:
    """Whether a server may listen on ``port`` of the loopback address now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def unused() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    """Whether somebody accepts connections on ``port``."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def http_answers(url: str, below: int = 500) -> bool:
    """Whether a GET of ``url`` brings an HTTP answer whose status is lower than ``below``."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return answer.status < below
    except urllib.error.HTTPError as error:
        return error.code < below
    except (OSError, ValueError):
        return False


def require(port: int, variable: str, purpose: str) -> None:
    """Raise DevstackError, naming port, holder and the variable to set, unless ``port`` is free."""
    if is_free(port):
        return
    who = holder(port)
    raise DevstackError(f'port {port} for {purpose} is taken{f" by {who}" if who else ""}.\n'
                        f'Stop that process, or choose another port: make run {variable}={_suggestion(port)}')


def holder(port: int) -> str | None:
    """The process that listens on ``port``, as ``name (pid N)``; None when it is not ours to see."""
    inodes = set()
    for table in ('/proc/net/tcp', '/proc/net/tcp6'):
        if os.path.exists(table):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == '0A' and int(fields[1].rpartition(':')[2], 16) == port:
                    inodes.add(f'socket:[{fields[9]}]')
    for folder in Path('/proc').glob('[0-9]*/fd'):
        try:
            if any(os.readlink(link) in inodes for link in folder.iterdir()):
                words = (folder.parent / 'cmdline').read_bytes().split(b'\0')
                name = os.path.basename(words[0].decode(errors='replace'))
                return f'{name} (pid {folder.parent.name})'
        except OSError:
            continue  # another user's process, or one that has just ended
    return None


def _suggestion(port: int) -> int:
    candidate = port + 10000 if port < 50000 else port - 10000
    while not is_free(candidate):
        candidate += 1
    return candidate
