# SPDX-License-Identifier: Apache-2.0
"""What decisions of this process have chosen and placement's answers may not show yet.

Without it, decisions that run side by side would all find the same host best. It moves preferences only: whether
there is room, placement alone decides.
"""

import contextlib
import threading


class Pledges:
    """Amounts promised by node. A promise ends once every decision that began before its claim was made has ended."""

    def __init__(self):
        self.lock = threading.Lock()
        self._turn = 0
        self._running = set()
        self._promises = []

    @contextlib.contextmanager
    def decision(self):
        """A decision from before it asks placement to its end; gives its turn."""
        with self.lock:
            self._turn += 1
            turn = self._turn
            self._running.add(turn)
        try:
            yield turn
        finally:
            with self.lock:
                self._running.discard(turn)
                oldest = min(self._running, default=self._turn + 1)
                self._promises = [each for each in self._promises if each.ended is None or each.ended >= oldest]

    def of(self, turn):
        """node uuid -> [vCPUs, MiB, GiB] that a decision of this turn must think taken. Call with `lock` held."""
        found = {}
        for each in self._promises:
            if each.ended is None or each.ended >= turn:
                total = found.setdefault(each.node, [0, 0, 0])
                for index, amount in enumerate(each.amounts):
                    total[index] += amount
        return found

    def add(self, node, amounts):
        """Promise `amounts` (vCPUs, MiB, GiB) of a node; returns the promise. Call with `lock` held."""
        promise = _Promise(node, amounts)
        self._promises.append(promise)
        return promise

    def kept(self, promise):
        """The claim is in placement: who asks it from now on sees it there."""
        with self.lock:
            promise.ended = self._turn

    def broken(self, promise):
        """There is no claim."""
        with self.lock:
            self._promises.remove(promise)


class _Promise:
    def __init__(self, node, amounts):
        self.node = node
        self.amounts = amounts
        self.ended = None
