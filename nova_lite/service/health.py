# SPDX-License-Identifier: Apache-2.0
"""Whether the parts of a daemon are alive, for systemd's watchdog and for health checks."""

import threading
import time


class Health:
    """A register of pulses. A part that promised a beat and is silent for longer than it said counts as dead."""

    def __init__(self, monotonic=time.monotonic):
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._beats = {}

    def watch(self, name, limit):
        """Expect a beat of `name` at least every `limit` seconds; returns the function to call for each beat."""
        def beat():
            with self._lock:
                self._beats[name] = (self._monotonic(), limit)
        beat()
        return beat

    def forget(self, name):
        """Expect nothing of `name` any more."""
        with self._lock:
            self._beats.pop(name, None)

    def problems(self):
        """One sentence for each part that is silent; empty means healthy."""
        now = self._monotonic()
        with self._lock:
            return [
                f'{name} has been silent for {now - last:.0f} s (limit {limit:.0f} s)'
                for name, (last, limit) in sorted(self._beats.items()) if now - last > limit
            ]
