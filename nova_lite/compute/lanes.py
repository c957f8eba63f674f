# SPDX-License-Identifier: Apache-2.0
"""Spreads jobs over the executor: builds wait for one another, short work never waits for builds."""

import collections
import threading

from nova_lite.messages import jobs


class Lanes:
    """`builds` is how many builds run at the same time (0: no limit); everything else starts at once."""

    def __init__(self, executor, builds):
        self._executor = executor
        self._free = builds or float('inf')
        self._waiting = collections.deque()
        self._lock = threading.Lock()

    def submit(self, work, function, *arguments):
        """Run `function(*arguments)` in the lane of `work`."""
        if not isinstance(work, jobs.StartGuest):
            self._executor.submit(function, *arguments)
            return
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
