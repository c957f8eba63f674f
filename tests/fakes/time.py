# SPDX-License-Identifier: Apache-2.0
"""A clock and an executor without threads: time passes when nothing is left to do, and only then."""

import datetime
import heapq
import itertools

_EPOCH = 1_700_000_000.0


class VirtualClock:
    """Starts at a fixed moment; `advance` moves it."""

    def __init__(self):
        self.seconds = _EPOCH

    def time(self):
        return self.seconds

    def monotonic(self):
        return self.seconds

    def now(self):
        return datetime.datetime.fromtimestamp(self.seconds, datetime.UTC)

    def advance(self, seconds):
        self.seconds += seconds


class Crash(BaseException):
    """The process that runs this is gone: nothing after it happens. Not an Exception, so that nobody catches it."""


class VirtualExecutor:
    """Runs what is submitted in order, in the caller of `run_until`. A Crash goes to `on_crash`."""

    def __init__(self, clock, on_crash=None):
        self._clock = clock
        self._number = itertools.count()
        self._heap = []
        self.on_crash = on_crash

    def submit(self, function, *args):
        self.call_later(0, function, *args)

    def call_later(self, delay, function, *args):
        item = [self._clock.time() + delay, next(self._number), function, args]
        heapq.heappush(self._heap, item)
        return _Handle(item)

    def every(self, interval, function, *, jitter=0.0, first=0.0):
        handle = _Handle(None)

        def again():
            if not handle.cancelled:
                function()
                handle.item = self.call_later(interval, again).item

        handle.item = self.call_later(first, again).item
        return handle

    def shutdown(self, wait=True, timeout=None):
        self._heap.clear()
        return True

    def run_until(self, condition, limit=100_000.0):
        """Run until `condition()` holds; False if `limit` virtual seconds pass first, or nothing is left to run."""
        end = self._clock.time() + limit
        while not condition():
            if not self._heap or self._heap[0][0] > end:
                return False
            when, _, function, args = heapq.heappop(self._heap)
            self._clock.seconds = max(self._clock.seconds, when)
            if function is None:
                continue
            try:
                function(*args)
            except Crash:
                if self.on_crash is None:
                    raise
                self.on_crash()
        return True


class _Handle:
    def __init__(self, item):
        self.item = item
        self.cancelled = False

    def cancel(self):
        self.cancelled = True
        if self.item is not None:
            self.item[2] = None
