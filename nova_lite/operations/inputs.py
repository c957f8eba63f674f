# SPDX-License-Identifier: Apache-2.0
"""The typed input of each operation: what the order keeps. Additive only; no secrets (see `secrets.py`)."""

from __future__ import annotations

import msgspec


class Build(msgspec.Struct, frozen=True):
    """Where a new server may go. Everything else about it is in its own row.

    `force_host`/`force_node` come from `availability_zone=zone:host:node`, `requested_host`/`requested_node` from
    the body's `host` and `hypervisor_hostname` (2.74).
    """

    availability_zone: str | None = None
    force_host: str | None = None
    force_node: str | None = None
    requested_host: str | None = None
    requested_node: str | None = None
    group_uuid: str | None = None
    scheduler_hints: dict = {}


class Delete(msgspec.Struct, frozen=True):
    """A server goes, wherever it is."""


class Start(msgspec.Struct, frozen=True):
    """A stopped server gets its power back."""


class Stop(msgspec.Struct, frozen=True):
    """An active server loses its power; `clean` lets the guest shut down first."""

    clean: bool = True


class Reboot(msgspec.Struct, frozen=True):
    """A server starts again."""
