# SPDX-License-Identifier: Apache-2.0
"""Spreads work over the executor: builds wait for one another, short work never waits for builds."""

import collections
import contextlib
import threading

from nova_lite.messages import jobs

# How much that is not a build runs at the same time. Most of it waits: for guests to shut down, for the hypervisor.
OTHERS = 40
# Builds at the same time where max_concurrent_builds sets no limit.
_UNLIMITED = 32
# Threads for what is not a job: events, reports.
_SPARE = 8


def workers(conf):
    """How many threads the executor of a nova-compute needs, so that no lane waits for another."""
    return OTHERS + (conf.max_concurrent_builds or _UNLIMITED) + _SPARE


class Lanes:
    """One lane for builds, `builds` wide (0: as many as there are threads for), one for everything else."""

    def __init__(self, executor, builds):
        self._builds = _Lane(executor, builds or _UNLIMITED)
        self._others = _Lane(executor, OTHERS)

    def submit(self, work, function, *arguments):
        """Run `function(*arguments)` in the lane of `work`. Raises RuntimeError once the executor is shut down."""
        lane = self._builds if isinstance(work, jobs.StartGuest) else self._others
        lane.submit(function, *arguments)


class _Lane:
    def __init__(self, executor, width):
        self._executor = executor
        self._free = width
        self._waiting = collections.deque()
        self._lock = threading.Lock()

    def submit(self, function, *arguments):
        with self._lock:
            self._waiting.append((function, arguments))
        self._next()

    def _next(self):
        with self._lock:
            if not self._free or not self._waiting:
                return
            self._free -= 1
            function, arguments = self._waiting.popleft()
        self._executor.submit(self._run, function, arguments)

    def _run(self, function, arguments):
        try:
            function(*arguments)
        finally:
            with self._lock:
                self._free += 1
            self._next()


class Slots:
    """At most `number` holders at the same time (0: no limit)."""

    def __init__(self, number):
        self._semaphore = threading.Semaphore(number) if number else None

    @contextlib.contextmanager
    def hold(self, task):
        """Hold a slot; waits for one through the task."""
        if self._semaphore is None:
            yield
            return
        while not self._semaphore.acquire(blocking=False):
            task.sleep(0.1)
        try:
            yield
        finally:
            self._semaphore.release()
