# SPDX-License-Identifier: Apache-2.0
"""Concurrent claims on SQLite, which has one writer at a time and must never answer 500 for it."""

from tests.functional.placement.base import PlacementTest
from tests.functional.placement.claims import ClaimsChecks


class ClaimsTest(ClaimsChecks, PlacementTest):
    pass
