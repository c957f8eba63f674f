# SPDX-License-Identifier: Apache-2.0
"""The life of a daemon: start, READY, reload on SIGHUP, drain and stop on SIGTERM or SIGINT, watchdog.

The main thread does nothing but listen to signals, so that a part which is slow to start or stop holds up none of them.
"""

import os
import signal
import socket
import sys
import threading
import time
from typing import Protocol

from oslo_log import log

from nova_lite.service import concurrency, logs, systemd, wait

LOG = log.getLogger(__name__)

_STOP = (signal.SIGTERM, signal.SIGINT)
_ENDED = 0


class Component(Protocol):
    """A part of a daemon. `build` makes them; all methods are called once, one part after the other.

    A part may also have `reload()`: mutable options have new values.
    """

    def start(self):
        """Begin to work. May take its time; returns when the part does its job."""

    def drain(self):
        """Take on nothing new. Returns at once."""

    def stop(self, timeout):
        """Wait `timeout` seconds at most for what runs, then let go of everything."""


class Daemon:
    """The parts of one daemon, without signals: what tests and nova-all start and stop themselves."""

    def __init__(self, conf, name, build, runtime):
        self.conf = conf
        self.name = name
        self.runtime = runtime
        self._build = build
        self._parts = []

    def start(self):
        """Build and start all parts, in the order in which they were built. Raises what they raise."""
        for part in self._build(self.runtime):
            if self.runtime.stopping.is_set():
                raise wait.Stopped()
            self._parts.append(part)
            part.start()
        LOG.info('%s is ready (%s)', self.name, 'eventlet' if concurrency.is_green() else 'threading')

    def reload(self):
        """Read the mutable options again and tell the parts. A wrong file changes nothing, and is logged."""
        if mutate(self.conf):
            for part in self._parts:
                if hasattr(part, 'reload'):
                    self._try(part.reload)

    def stop(self, timeout=None):
        """Drain all parts, then stop them, last first, all within `timeout` seconds. True if nothing was left."""
        deadline = None if timeout is None else time.monotonic() + timeout
        self.runtime.stopping.set()
        for part in self._parts:
            self._try(part.drain)
        for part in reversed(self._parts):
            self._try(part.stop, _left(deadline))
        idle = self.runtime.executor.shutdown(wait=True, timeout=_left(deadline))
        if self.runtime.bus is not None:
            self._try(self.runtime.bus.close)
        return idle

    def _try(self, function, *args):
        try:
            function(*args)
        except Exception:  # noqa: BLE001  the other parts must be stopped all the same
            LOG.exception('%s of %s failed', function.__qualname__, self.name)


def run(conf, name, build, runtime, on_ready=None):
    """Run a daemon until it is told to stop; returns the exit code.

    `build(runtime)` yields the Components; it may be a generator, so that a part is started before the next is made.
    `on_ready(health)` is called when all parts are started. A second SIGTERM or SIGINT ends the process at once.
    """
    logs.setup(conf, name)
    process = _Process(Daemon(conf, name, build, runtime), on_ready)
    code = process.run()
    if process.stuck:
        exit_process(code)
    return code


def mutate(conf):
    """Read the mutable options again; False (and a log line) if that is impossible: the old values stay."""
    try:
        changed = conf.mutate_config_files()
    except Exception as error:  # noqa: BLE001  whatever the file holds, the daemon goes on with what it has
        LOG.error('The options were not read again: %s', error)
        return False
    LOG.info('Options read again, %d changed', len(changed))
    return True


def grace(conf):
    """`graceful_shutdown_timeout` in seconds, None for no limit; 60 where that option is not registered."""
    return (conf.graceful_shutdown_timeout if 'graceful_shutdown_timeout' in conf else 60) or None


def exit_process(code):
    """End the process now, with what is buffered written out: threads that are still stuck in a call do not hold it."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


class _Process:
    def __init__(self, daemon, on_ready):
        self._daemon = daemon
        self._on_ready = on_ready
        self._runtime = daemon.runtime
        self.stuck = False
        self._code = 0
        self._phase = 'starting'
        self._grace = grace(daemon.conf)
        self._ears, self._mouth = socket.socketpair()
        self._mouth.setblocking(False)
        self._runtime.fail = self._fail

    def run(self):
        # The byte of a signal arrives here whatever thread took it, and wakes green threads too.
        signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        for number in (*_STOP, signal.SIGHUP):
            signal.signal(number, lambda *_: None)
        self._in_thread(self._start)
        beat = self._watchdog()
        while self._phase != 'stopped':
            self._ears.settimeout(beat)
            try:
                heard = self._ears.recv(64)
            except TimeoutError:
                heard = b''
            for number in heard:
                self._on_signal(number)
            if beat is not None:
                self._feed_watchdog()
        return self._code

    def _on_signal(self, number):
        if number in _STOP and self._phase == 'stopping':
            LOG.warning('Told to stop a second time: ending at once')
            exit_process(1)
        elif number in _STOP:
            LOG.info('%s: finishing what runs, then stopping', signal.Signals(number).name)
            self._begin_stop()
        elif number == signal.SIGHUP and self._phase == 'ready':
            systemd.reloading()
            self._daemon.reload()
            systemd.ready('Serving')

    def _start(self):
        try:
            self._daemon.start()
        except wait.Stopped:
            return
        except Exception:  # noqa: BLE001  the end of the process: said once, whole
            LOG.exception('%s could not start', self._daemon.name)
            self._fail('it could not start')
            return
        if self._phase == 'starting':
            self._phase = 'ready'
            systemd.ready('Serving')
            if self._on_ready is not None:
                self._on_ready(self._runtime.health)

    def _begin_stop(self):
        self._phase = 'stopping'
        self._runtime.stopping.set()
        systemd.stopping()
        self._in_thread(self._stop)

    def _stop(self):
        self.stuck = not self._daemon.stop(self._grace)
        if self.stuck:
            LOG.warning('Work was still running at the end of graceful_shutdown_timeout; it is taken up elsewhere')
        self._phase = 'stopped'
        self._mouth.send(bytes([_ENDED]))

    def _fail(self, reason):
        LOG.error('%s stops: %s', self._daemon.name, reason)
        self._code = 1
        if self._phase in ('starting', 'ready'):
            self._begin_stop()

    def _watchdog(self):
        interval = systemd.watchdog_interval()
        return None if interval is None else interval / 3

    def _feed_watchdog(self):
        problems = self._runtime.health.problems()
        if problems:
            LOG.error('Not healthy: %s', '; '.join(problems))
        else:
            systemd.notify('WATCHDOG=1')

    def _in_thread(self, function):
        threading.Thread(target=function, name=function.__name__.strip('_'), daemon=True).start()


def _left(deadline):
    return None if deadline is None else max(0.0, deadline - time.monotonic())
