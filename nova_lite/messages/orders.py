# SPDX-License-Identifier: Apache-2.0
"""Wake-up calls between nova-api and nova-conductor. They carry names of rows only: the row is the truth."""

from __future__ import annotations

import msgspec


class RunOrder(msgspec.Struct, frozen=True):
    """Order `order_id` of cell `cell` was written and waits to be run."""

    order_id: int
    cell: str = ''
