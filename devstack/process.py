# SPDX-License-Identifier: Apache-2.0
"""Processes by pid file: start in a session of their own, recognise, wait for, and end only what was started here.

``run/NAME.pid`` holds the pid alone, so that ``kill $(cat run/NAME.pid)`` works. ``run/NAME.start`` beside it says when
that process began, so that a number which another process got later is never taken for ours, and with which words.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from devstack.errors import DevstackError
from devstack.layout import Layout

# Children of this very process: they stay zombies until somebody asks for their exit status.
_children: dict[int, subprocess.Popen] = {}


def identity(pid: int) -> str | None:
    """What tells this process from any other with the same number; None when it does not run (a zombie does not)."""
    child = _children.get(pid)
    if child is not None and child.poll() is not None:
        return None
    try:
        fields = Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
        boot = Path('/proc/sys/kernel/random/boot_id').read_text().strip()
    except OSError:
        return None
    return None if fields[0] in 'ZX' else f'{boot} {pid} {fields[19]}'


def running(layout: Layout, name: str) -> int | None:
    """The pid of the process NAME, or None when it does not run (any more)."""
    try:
        pid = int(layout.pid_file(name).read_text())
        began = _record(layout, name)['began']
    except (OSError, ValueError):
        return None
    return pid if identity(pid) == began else None


def start(layout: Layout, name: str, argv: Sequence[str | os.PathLike], env: Mapping[str, str] | None = None,
          cwd: Path | None = None) -> int:
    """Start NAME unless it runs, its output appended to ``log/NAME.log``; returns its pid. ``env`` adds to ours."""
    pid = running(layout, name)
    if pid is not None:
        return pid
    words = [os.fspath(word) for word in argv]
    with layout.log_file(name).open('ab') as log:
        try:
            child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                     env={**os.environ, **(env or {})}, cwd=cwd or layout.path,
                                     start_new_session=True)
        except FileNotFoundError as error:
            raise DevstackError(f'{name} cannot start: {error.filename} does not exist') from error
    _children[child.pid] = child
    record = {'began': identity(child.pid) or 'ended at once', 'argv': words}
    layout.write(_record_file(layout, name), json.dumps(record))
    layout.write(layout.pid_file(name), f'{child.pid}\n')
    return child.pid


def command_line(layout: Layout, name: str) -> list[str]:
    """How NAME was started last. Raises DevstackError when it never was."""
    try:
        return _record(layout, name)['argv']
    except (OSError, ValueError) as error:
        raise DevstackError(f'{name} was never started in {layout.path}') from error


def ask_to_stop(layout: Layout, name: str) -> bool:
    """SIGTERM to NAME; ``stop(asked=True)`` then waits for its end: several may end side by side. True when it ran."""
    pid = running(layout, name)
    if pid is not None:
        _signal(os.kill, pid, signal.SIGTERM)
    return pid is not None


def stop(layout: Layout, name: str, timeout: float = 30.0, asked: bool = False) -> bool:
    """End NAME: SIGTERM unless it was ``asked``, and after ``timeout`` seconds SIGKILL for its whole session.
    True when it ran.

    The pid file goes; with which words it was started stays."""
    pid = running(layout, name)
    if pid is not None and not asked:
        _signal(os.kill, pid, signal.SIGTERM)
    if pid is not None and not _gone(layout, name, timeout):
        _signal(os.killpg, pid, signal.SIGKILL)
        _gone(layout, name, 10.0)
    elif pid is not None or asked:
        # What outlives its leader (a worker, a port helper) has lost its purpose.
        _signal(os.killpg, int(layout.pid_file(name).read_text()), signal.SIGKILL)
    layout.pid_file(name).unlink(missing_ok=True)
    return asked or pid is not None


def kill(layout: Layout, name: str) -> bool:
    """SIGKILL to NAME's whole session, as a power cut would: no draining. True when it ran. The pid file stays."""
    pid = running(layout, name)
    if pid is None:
        return False
    _signal(os.killpg, pid, signal.SIGKILL)
    _gone(layout, name, 10.0)
    return True


def names(layout: Layout) -> list[str]:
    """Every NAME that has a pid file, oldest first."""
    files = sorted(layout.run.glob('*.pid'), key=lambda path: path.stat().st_mtime_ns)
    return [path.stem for path in files]


def wait_for(check: Callable[[], bool], what: str, timeout: float, layout: Layout, name: str | None = None) -> None:
    """Ask ``check`` until it says yes; raises DevstackError after ``timeout`` seconds or when NAME has ended."""
    deadline = time.monotonic() + timeout
    while not check():
        if name is not None and running(layout, name) is None:
            raise DevstackError(f'{name} ended while it was starting', layout.log_file(name))
        if time.monotonic() > deadline:
            raise DevstackError(f'{what} was not there after {timeout:.0f} s', name and layout.log_file(name))
        time.sleep(0.1)


def command(layout: Layout, log: str, argv: Sequence[str | os.PathLike], env: Mapping[str, str] | None = None,
            cwd: Path | None = None, timeout: float | None = None) -> str:
    """Run a command to its end, keep what it said in ``log/LOG.log``, return its standard output.

    Raises DevstackError with that log when it fails or takes longer than ``timeout`` seconds.
    """
    words = [os.fspath(word) for word in argv]
    path = layout.log_file(log)
    with path.open('a') as stream:
        stream.write(f'$ {" ".join(words)}\n')
        stream.flush()
        try:
            done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stream, text=True,
                                  env={**os.environ, **(env or {})}, cwd=cwd or layout.path, timeout=timeout,
                                  check=False)
        except FileNotFoundError as error:
            raise DevstackError(f'{words[0]} does not exist') from error
        except subprocess.TimeoutExpired as error:
            raise DevstackError(f'{Path(words[0]).name} took longer than {timeout:.0f} s', path) from error
        stream.write(done.stdout)
    if done.returncode:
        raise DevstackError(f'{" ".join([Path(words[0]).name, *words[1:]])} failed ({done.returncode})', path)
    return done.stdout


def _record_file(layout: Layout, name: str) -> Path:
    return layout.run / f'{name}.start'


def _record(layout: Layout, name: str) -> dict:
    return json.loads(_record_file(layout, name).read_text())


def _signal(send: Callable[[int, int], None], pid: int, number: int) -> None:
    try:
        send(pid, number)
    except ProcessLookupError:
        pass  # it ended between the look and the signal, as wished


def _gone(layout: Layout, name: str, timeout: float) -> bool:
    deadline = time.monotonic() + timeout
    while running(layout, name) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
