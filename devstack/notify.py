# SPDX-License-Identifier: Apache-2.0
"""Waits for a daemon as systemd does: the daemon itself says READY=1 on NOTIFY_SOCKET, see sd_notify(3)."""

import contextlib
import os
import socket
import time
from collections.abc import Iterator, Sequence

from devstack import process
from devstack.errors import DevstackError
from devstack.layout import Layout


def start(layout: Layout, name: str, argv: Sequence[str | os.PathLike], timeout: float = 180.0) -> None:
    """Start NAME unless it runs, and wait until it says that it is ready. Raises DevstackError when it never does."""
    if process.running(layout, name) is not None:
        return
    with _listening(layout, name) as (channel, address):
        process.start(layout, name, argv, {'NOTIFY_SOCKET': address})
        deadline = time.monotonic() + timeout
        while 'READY=1' not in _hear(channel):
            if process.running(layout, name) is None:
                raise DevstackError(f'{name} ended while it was starting', layout.log_file(name))
            if time.monotonic() > deadline:
                raise DevstackError(f'{name} was not ready after {timeout:.0f} s', layout.log_file(name))


@contextlib.contextmanager
def _listening(layout: Layout, name: str) -> Iterator[tuple[socket.socket, str]]:
    path = layout.sockets('notify') / f'{name}.sock'
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(os.fspath(path))
        channel.settimeout(0.2)
        try:
            yield channel, os.fspath(path)
        finally:
            # Later words find nobody, which is not an error for a daemon.
            path.unlink(missing_ok=True)


def _hear(channel: socket.socket) -> list[str]:
    try:
        return channel.recv(4096).decode(errors='replace').splitlines()
    except TimeoutError:
        return []
