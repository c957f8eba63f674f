# SPDX-License-Identifier: Apache-2.0
"""Where work runs that nobody waits for: soon, later, or again and again. Passed in, so that a simulation can order it.

Works with native threads and, after `concurrency.prepare`, with green ones.
"""

import concurrent.futures
import heapq
import itertools
import random as random_module
import threading
import time
from typing import Protocol

from oslo_log import log

LOG = log.getLogger(__name__)


class Handle(Protocol):
    """Something planned."""

    def cancel(self):
        """Do not run it (again). What runs now goes on."""


class Executor(Protocol):
    """Runs functions. What they raise is logged and goes no further, except through the future of `submit`."""

    def submit(self, function, *args):
        """Run soon; returns a concurrent.futures.Future."""

    def call_later(self, delay, function, *args):
        """Run after `delay` seconds; returns a Handle."""

    def every(self, interval, function, *, jitter=0.0, first=0.0):
        """Run after `first` seconds and then again `interval` seconds after each end, until the Handle is cancelled.

        `jitter` is a share of the interval (0 to 1) by which each pause is made longer or shorter by chance.
        """

    def shutdown(self, wait=True, timeout=None):
        """Start nothing more; with `wait`, wait `timeout` seconds at most. True if nothing runs any more."""


class ThreadExecutor:
    """`workers` threads for `submit` and `call_later`; one thread of its own for each `every`.

    So a heartbeat is on time however busy the workers are.
    """

    def __init__(self, workers, random=None, name='work'):
        self._name = name
        self._random = random or random_module.Random()
        self._pool = concurrent.futures.ThreadPoolExecutor(workers, thread_name_prefix=name)
        self._condition = threading.Condition()
        self._planned = []
        self._number = itertools.count()
        self._timer = None
        self._closed = threading.Event()
        self._periodic = []
        self._running = 0

    def submit(self, function, *args):
        """See Executor.submit. Raises RuntimeError after `shutdown`."""
        with self._condition:
            self._running += 1
        try:
            future = self._pool.submit(_logged, function, args)
        except RuntimeError:
            self._done(None)
            raise
        future.add_done_callback(self._done)
        return future

    def call_later(self, delay, function, *args):
        """See Executor.call_later."""
        planned = _Planned(time.monotonic() + max(0.0, delay), next(self._number), function, args)
        with self._condition:
            if self._timer is None:
                self._timer = threading.Thread(target=self._tick, name=f'{self._name}-timer', daemon=True)
                self._timer.start()
            heapq.heappush(self._planned, planned)
            self._condition.notify_all()
        return planned

    def every(self, interval, function, *, jitter=0.0, first=0.0):
        """See Executor.every."""
        periodic = _Periodic(interval, function, jitter, first, self._random, self._closed)
        with self._condition:
            self._periodic = [other for other in self._periodic if other.thread.is_alive()] + [periodic]
        periodic.thread.start()
        return periodic

    def shutdown(self, wait=True, timeout=None):
        """See Executor.shutdown. What is planned or queued and has not begun is dropped."""
        deadline = None if timeout is None else time.monotonic() + timeout
        self._closed.set()
        with self._condition:
            self._planned.clear()
            self._condition.notify_all()
            periodic = list(self._periodic)
        for each in periodic:
            each.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)
        if wait:
            for each in periodic:
                if each.thread is not threading.current_thread():
                    each.thread.join(None if deadline is None else max(0.0, deadline - time.monotonic()))
            with self._condition:
                self._condition.wait_for(
                    lambda: not self._running, None if deadline is None else max(0.0, deadline - time.monotonic()))
        with self._condition:
            return not self._running and not any(each.thread.is_alive() for each in periodic)

    def _done(self, _future):
        with self._condition:
            self._running -= 1
            self._condition.notify_all()

    def _tick(self):
        while not self._closed.is_set():
            with self._condition:
                pause = self._planned[0].when - time.monotonic() if self._planned else None
                if pause is None or pause > 0:
                    self._condition.wait(pause)
                    continue
                planned = heapq.heappop(self._planned)
            if not planned.cancelled and not self._closed.is_set():
                self.submit(planned.function, *planned.args)


class _Planned:
    def __init__(self, when, number, function, args):
        self.when = when
        self.number = number
        self.function = function
        self.args = args
        self.cancelled = False

    def cancel(self):
        self.cancelled = True

    def __lt__(self, other):
        return (self.when, self.number) < (other.when, other.number)


class _Periodic:
    def __init__(self, interval, function, jitter, first, random, closed):
        self._interval, self._function, self._jitter, self._first = interval, function, jitter, first
        self._random = random
        self._closed = closed
        self._cancelled = threading.Event()
        name = getattr(function, '__name__', type(function).__name__)
        self.thread = threading.Thread(target=self._run, name=f'every-{name}', daemon=True)

    def cancel(self):
        self._cancelled.set()

    def _run(self):
        pause = self._first
        while not self._cancelled.wait(pause) and not self._closed.is_set():
            try:
                self._function()
            except Exception:  # noqa: BLE001  one failure must not end what is done again and again
                LOG.exception('%s failed and will run again', self.thread.name)
            pause = self._interval * (1 + self._jitter * self._random.uniform(-1, 1))


def _logged(function, args):
    try:
        return function(*args)
    except Exception:
        LOG.exception('%s failed', getattr(function, '__qualname__', function))
        raise
