# SPDX-License-Identifier: Apache-2.0
"""A WSGI daemon of several processes: a master that serves nothing, and workers that share its listening sockets.

The master starts no thread and keeps no connection, so forking is safe and it has little to die of. A worker that
ends, for whatever reason, is replaced; requests in other workers notice nothing. If the master dies, its workers drain
and end.
"""

import dataclasses
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable

from oslo_log import log

from nova_lite import errors
from nova_lite.service import daemon, logs, systemd, wsgi

LOG = log.getLogger(__name__)

# A worker that lived shorter than this, in seconds, is replaced after as long a pause.
SHORT_LIFE = 2.0
# What a drained worker gets on top of the grace time, in seconds, before it is killed.
LAST_PATIENCE = 5.0
_READY, _ALIVE = b'R', b'.'


@dataclasses.dataclass(frozen=True)
class Face:
    """One application on one port. `make_application(runtime)` is called in each worker."""

    host: str
    port: int
    make_application: Callable


def run(conf, name, faces, workers, make_runtime, threads=10):
    """Serve `faces` with `workers` processes of `threads` threads until told to stop; returns the exit code.

    `make_runtime()` is called in each worker: nothing it makes (connections, threads) may exist before the fork.
    """
    logs.setup(conf, name)
    try:
        sockets = [wsgi.listen(face.host, face.port) for face in faces]
    except errors.Error as error:
        LOG.error('%s cannot start: %s', name, error)
        return 1
    for sock in sockets:
        LOG.info('%s listens on %s, port %s, with %s workers', name, *sock.getsockname()[:2], workers)

    def worker(tell_ready):
        runtime = make_runtime()

        def build(runtime):
            for face, sock in zip(faces, sockets, strict=True):
                yield wsgi.Server(face.make_application(runtime), sock, threads)

        return daemon.run(conf, name, build, runtime, on_ready=tell_ready)

    return _Master(conf, name, workers, worker, sockets).run()


class _Worker:
    def __init__(self, pid, pipe):
        self.pid = pid
        self.pipe = pipe
        self.born = time.monotonic()
        self.heard = self.born
        self.ready = False


class _Master:
    def __init__(self, conf, name, count, worker, sockets):
        self._conf = conf
        self._name = name
        self._count = count
        self._worker = worker
        self._sockets = sockets
        self._workers = {}
        self._replace_at = []
        self._stopping = None
        self._said_ready = False
        self._ears, self._mouth = socket.socketpair()
        for end in (self._ears, self._mouth):
            end.setblocking(False)
        # Workers hold the reading end: it ends when the master does.
        self._life, self._life_master = os.pipe()
        grace = daemon.grace(conf)
        self._grace = None if grace is None else grace + LAST_PATIENCE
        self._watchdog = systemd.watchdog_interval()

    def run(self):
        signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, lambda *_: None)
        for _ in range(self._count):
            self._fork()
        while self._stopping is None or self._workers:
            self._listen()
            self._reap()
            self._replace()
            self._look_after()
        return 0

    def _fork(self):
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            os.close(self._life_master)
            self._be_worker(writing)
        os.close(writing)
        os.set_blocking(reading, False)
        self._workers[pid] = _Worker(pid, reading)

    def _be_worker(self, pipe):
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            self._ears.close()
            self._mouth.close()
            for worker in self._workers.values():
                os.close(worker.pipe)
            # systemd listens to the master only.
            for name in ('NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID'):
                os.environ.pop(name, None)
            threading.Thread(target=_end_with, args=(self._life,), name='master-life', daemon=True).start()
            code = self._worker(lambda health: self._report(pipe, health))
        except Exception:  # noqa: BLE001  a worker must not fall through into the master's loop
            LOG.exception('Worker failed')
        finally:
            daemon.exit_process(code)

    def _report(self, pipe, health):
        os.write(pipe, _READY)
        if self._watchdog is not None:
            threading.Thread(
                target=_beat, args=(pipe, health, self._watchdog / 4), name='worker-life', daemon=True).start()

    def _listen(self):
        timeout = self._next_wake()
        readable = select.select([self._ears, *(worker.pipe for worker in self._workers.values())], [], [], timeout)[0]
        by_pipe = {worker.pipe: worker for worker in self._workers.values()}
        for source in readable:
            if source is self._ears:
                for number in self._ears.recv(64):
                    self._on_signal(number)
            else:
                self._hear(by_pipe[source])

    def _hear(self, worker):
        said = os.read(worker.pipe, 64)
        worker.heard = time.monotonic()
        worker.ready = worker.ready or _READY in said
        if worker.ready and not self._said_ready and len(self._workers) == self._count \
                and all(other.ready for other in self._workers.values()):
            self._said_ready = True
            systemd.ready(f'{self._count} workers serve')
            LOG.info('%s is ready: %s workers serve', self._name, self._count)
        if not said:
            # The worker is gone or going; SIGCHLD says so too.
            worker.ready = False
            time.sleep(0.01)

    def _next_wake(self):
        if self._stopping is not None:
            return 0.5
        soon = [when - time.monotonic() for when in self._replace_at]
        if self._watchdog is not None:
            soon.append(self._watchdog / 3)
        return max(0.0, min(soon)) if soon else None

    def _on_signal(self, number):
        if number in (signal.SIGTERM, signal.SIGINT):
            if self._stopping is not None:
                LOG.warning('Told to stop a second time: ending at once')
                self._send(signal.SIGKILL)
                daemon.exit_process(1)
            LOG.info('%s: %s workers finish what they do', signal.Signals(number).name, len(self._workers))
            self._stopping = time.monotonic()
            systemd.stopping()
            # Else connections would queue here that no worker takes any more.
            for sock in self._sockets:
                sock.close()
            self._send(signal.SIGTERM)
        elif number == signal.SIGHUP:
            systemd.reloading()
            daemon.mutate(self._conf)
            self._send(signal.SIGHUP)
            systemd.ready(f'{self._count} workers serve')

    def _send(self, number):
        for pid in self._workers:
            os.kill(pid, number)

    def _reap(self):
        for pid in list(self._workers):
            done, status = os.waitpid(pid, os.WNOHANG)
            if not done:
                continue
            worker = self._workers.pop(pid)
            os.close(worker.pipe)
            if self._stopping is None:
                lived = time.monotonic() - worker.born
                LOG.error('Worker %s ended (%s); it is replaced', pid, _how(status))
                self._replace_at.append(time.monotonic() + (0.0 if lived > SHORT_LIFE else SHORT_LIFE))

    def _replace(self):
        now = time.monotonic()
        due = [when for when in self._replace_at if when <= now]
        self._replace_at = [when for when in self._replace_at if when > now]
        for _ in due if self._stopping is None else ():
            self._fork()

    def _look_after(self):
        now = time.monotonic()
        if self._stopping is not None:
            if self._grace is not None and now - self._stopping > self._grace:
                LOG.warning('%s workers did not end in time and are killed', len(self._workers))
                self._send(signal.SIGKILL)
        elif self._watchdog is not None:
            systemd.notify('WATCHDOG=1')
            for worker in self._workers.values():
                if worker.ready and now - worker.heard > self._watchdog:
                    LOG.error('Worker %s is silent and is killed', worker.pid)
                    os.kill(worker.pid, signal.SIGKILL)


def _end_with(life):
    """Drain this process when the writing end of `life` is gone."""
    os.read(life, 1)
    LOG.error('The master is gone; this worker finishes and ends')
    os.kill(os.getpid(), signal.SIGTERM)


def _beat(pipe, health, interval):
    while True:
        if not health.problems():
            os.write(pipe, _ALIVE)
        time.sleep(interval)


def _how(status):
    code = os.waitstatus_to_exitcode(status)
    return f'killed by {signal.Signals(-code).name}' if code < 0 else f'exit code {code}'
