# SPDX-License-Identifier: Apache-2.0
"""Bodies of the reshaper."""

from nova_lite.placement.schemas.allocations import of_consumers
from nova_lite.placement.schemas.common import Windows, closed
from nova_lite.placement.schemas.inventories import OF_PROVIDERS
from nova_lite.placement.validation import Schema

RESHAPE = Windows(*(
    (minor, Schema(closed({'inventories': OF_PROVIDERS, 'allocations': of_consumers(max(minor, 28), 0)},
                          ['inventories', 'allocations'])))
    for minor in (30, 34, 38)))
