# SPDX-License-Identifier: Apache-2.0
"""What the conductor asks of the scheduler: a host, claimed; and the answer, with the reasons of a no."""

from __future__ import annotations

import msgspec

from nova_lite.messages.guests import Flavor, Image


class Wish(msgspec.Struct, frozen=True):
    """Where a server may go. `key` names the order's attempt: the same key gets the same claim again.

    `excluded_hosts` are hosts that failed in earlier attempts. `force_host`/`force_node` bypass the filters as
    Nova's `availability_zone=zone:host:node` does; `requested_host`/`requested_node` (2.74) do not.
    """

    order_id: int
    attempt: int
    fence: int
    cell: str
    server_uuid: str
    project_id: str
    user_id: str
    flavor: Flavor
    image: Image | None = None
    availability_zone: str | None = None
    force_host: str | None = None
    force_node: str | None = None
    requested_host: str | None = None
    requested_node: str | None = None
    group_uuid: str | None = None
    scheduler_hints: dict = {}
    excluded_hosts: list[str] = []
    volume_backed: bool = False


class Removal(msgspec.Struct, frozen=True):
    """One stage of the pipeline: how many hosts came in, and which it removed, and why (`hosts` is cut at 50)."""

    stage: str
    before: int
    after: int
    reason: str = ''
    hosts: list[str] = []


class Explanation(msgspec.Struct, frozen=True):
    """Why these hosts and not others: stage by stage, in order."""

    stages: list[Removal] = []
    chosen: str | None = None


class Destination(msgspec.Struct, frozen=True):
    """A claimed place. `allocations` is provider uuid -> resource class -> amount, as placement holds it."""

    host: str
    node: str
    node_uuid: str
    allocations: dict[str, dict[str, int]] = {}
    limits: dict = {}
    explanation: Explanation | None = None


class Selection(msgspec.Struct, frozen=True):
    """The answer: `destination`, or None with the explanation (no valid host; a definite no).

    `silent`: hosts that would fit have given no sign of life for `service_down_time`. That may be the message bus's
    fault and not theirs, so the no is definite only if they stay silent.
    """

    destination: Destination | None
    explanation: Explanation
    silent: bool = False
