# SPDX-License-Identifier: Apache-2.0
"""Keeps one silent host from holding every thread: while it is silent one call at a time tries it, others fail at once.

The outcome of a call that was not made is as unknown as that of one that was not answered: steps see no difference.
"""

import threading

from nova_lite import errors

# Seconds between two tries of a silent host.
_PROBE_INTERVAL = 2.0


class Reach:
    """`rpc.compute.Compute` with that care; the same methods."""

    def __init__(self, computes, clock):
        self._computes = computes
        self._clock = clock
        self._lock = threading.Lock()
        self._silent = {}

    def run_job(self, host, request):
        """See Compute.run_job."""
        return self._ask(host, self._computes.run_job, host, request)

    def guests(self, host):
        """See Compute.guests."""
        return self._ask(host, self._computes.guests, host)

    def heard(self, host):
        """The host gave a sign of life: it may be asked again."""
        with self._lock:
            self._silent.pop(host, None)

    def _ask(self, host, method, *arguments):
        with self._lock:
            next_try = self._silent.get(host)
            if next_try is not None:
                if self._clock.monotonic() < next_try:
                    raise errors.Unavailable(f'nova-compute on {host} does not answer')
                # Ours is the one call that tries; the others wait for its end.
                self._silent[host] = float('inf')
        try:
            answer = method(*arguments)
        except errors.Unavailable:
            with self._lock:
                self._silent[host] = self._clock.monotonic() + _PROBE_INTERVAL
            raise
        except BaseException:
            self.heard(host)
            raise
        self.heard(host)
        return answer
