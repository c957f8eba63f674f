# SPDX-License-Identifier: Apache-2.0
"""What a host is told about a guest: everything it needs to make one, nothing it would have to look up."""

from __future__ import annotations

import msgspec


class Flavor(msgspec.Struct, frozen=True):
    """A flavor as it was when the server was made. Memory and swap in MiB, disks in GiB."""

    id: int
    flavorid: str
    name: str
    vcpus: int
    memory_mb: int
    root_gb: int
    ephemeral_gb: int = 0
    swap: int = 0
    rxtx_factor: float = 1.0
    description: str | None = None
    disabled: bool = False
    is_public: bool = True
    extra_specs: dict[str, str] = {}


class Image(msgspec.Struct, frozen=True):
    """An image as Glance described it. `size` in bytes, `min_disk` in GiB, `min_ram` in MiB."""

    id: str
    name: str | None = None
    status: str = 'active'
    disk_format: str | None = None
    container_format: str | None = None
    size: int | None = None
    virtual_size: int | None = None
    checksum: str | None = None
    os_hash_algo: str | None = None
    os_hash_value: str | None = None
    min_disk: int = 0
    min_ram: int = 0
    owner: str | None = None
    visibility: str | None = None
    properties: dict[str, str] = {}


class Guest(msgspec.Struct, frozen=True):
    """One guest, self-contained. `name` is the libvirt domain's (`instance_name_template`).

    `user_data` is base64 as the user sent it and must reach nothing but the config drive and the metadata service.
    """

    uuid: str
    name: str
    hostname: str
    display_name: str
    project_id: str
    user_id: str
    flavor: Flavor
    image: Image | None = None
    metadata: dict[str, str] = {}
    key_name: str | None = None
    public_key: str | None = None
    user_data: str | None = None
    config_drive: bool = False
    availability_zone: str | None = None
    launch_index: int = 0
    root_device_name: str | None = None
    reservation_id: str | None = None
    created_at: str | None = None
