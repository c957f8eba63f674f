# SPDX-License-Identifier: Apache-2.0
"""What a host tells of itself: that it lives, what it has, which guests it holds."""

from __future__ import annotations

import msgspec


class Heartbeat(msgspec.Struct, frozen=True):
    """A daemon lives. `boot_id` changes with every start of the process; `started` marks the first one."""

    host: str
    binary: str
    topic: str
    boot_id: str
    started: bool = False
    version: int = 1


class HostFacts(msgspec.Struct, frozen=True):
    """One hypervisor node: totals and what Nova shows of it. Memory in MiB, disk in GiB.

    `uuid` is the node's and its resource provider's (the `compute_id` file).
    """

    host: str
    node: str
    uuid: str
    hypervisor_type: str
    hypervisor_version: int
    host_ip: str
    vcpus: int
    memory_mb: int
    local_gb: int
    memory_mb_used: int = 0
    local_gb_used: int = 0
    vcpus_used: int = 0
    disk_available_least: int | None = None
    running_vms: int = 0
    cpu_info: dict = {}
    uptime: str | None = None
    supported_instances: list[list[str]] = []
    cpu_allocation_ratio: float = 4.0
    ram_allocation_ratio: float = 1.0
    disk_allocation_ratio: float = 1.0


class GuestState(msgspec.Struct, frozen=True):
    """What the hypervisor says of one guest now (`states.POWER_STATE_NAMES`)."""

    uuid: str
    name: str
    power_state: int


class GuestsReport(msgspec.Struct, frozen=True):
    """Guests of a host. `whole` means: all of them, so what is missing here is not on the host.

    `sequence` grows with every report of one boot of the agent; an older one never overwrites a newer.
    """

    host: str
    boot_id: str
    sequence: int
    guests: list[GuestState]
    whole: bool = False


class ConsoleRequest(msgspec.Struct, frozen=True):
    """The end of a guest's console log; `length` lines, None for all of it."""

    server_uuid: str
    name: str
    length: int | None = None


class ConsoleLog(msgspec.Struct, frozen=True):
    output: str


class Nothing(msgspec.Struct, frozen=True):
    """A request without content."""


class Text(msgspec.Struct, frozen=True):
    value: str | None
