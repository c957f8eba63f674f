# SPDX-License-Identifier: Apache-2.0
"""What time it is. Passed in wherever time decides something, so that a simulation can say it."""

import datetime
import time
from typing import Protocol


class Clock(Protocol):
    """Two times: one that people read, one that only goes forward."""

    def now(self):
        """The time as an aware datetime in UTC."""

    def monotonic(self):
        """Seconds since some moment; never goes back."""


class SystemClock:
    """The machine's clock."""

    def now(self):
        """See Clock.now."""
        return datetime.datetime.now(datetime.UTC)

    def monotonic(self):
        """See Clock.monotonic."""
        return time.monotonic()
