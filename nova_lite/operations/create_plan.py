# SPDX-License-Identifier: Apache-2.0
"""What new servers are asked to be, and whether they can be: flavor, image, key pair, group, place. Writes nothing."""

import dataclasses

import msgspec

from nova_lite import errors
from nova_lite.db import flavors, keypairs, quota_limits, server_groups
from nova_lite.messages import guests
from nova_lite.operations import server_image, server_places, server_quota

# One request makes at most as many servers as one page of a list shows by default.
MOST_SERVERS = 1000


@dataclasses.dataclass(frozen=True)
class Wish:
    """What a request asks for, checked as far as the request itself can tell.

    `zone` is the availability zone without host and node; `may_be_diskless`: policy allows flavors without a disk.
    """

    name: str
    flavor_ref: str
    image_id: str
    min_count: int = 1
    max_count: int = 1
    description: str | None = None
    hostname: str | None = None
    zone: str | None = None
    force_host: str | None = None
    force_node: str | None = None
    requested_host: str | None = None
    requested_node: str | None = None
    scheduler_hints: dict = dataclasses.field(default_factory=dict)
    metadata: dict = dataclasses.field(default_factory=dict)
    tags: tuple = ()
    key_name: str | None = None
    user_data: str | None = None
    config_drive: bool = False
    access_ip_v4: str | None = None
    access_ip_v6: str | None = None
    disk_config: str | None = None
    trusted_certs: list | None = None
    networks: str | None = None
    admin_password: str | None = None
    may_be_diskless: bool = False


class InvalidServer(errors.Invalid):
    """The server that is asked for cannot be."""


@dataclasses.dataclass(frozen=True)
class Plan:
    """What the checks found out."""

    flavor: guests.Flavor
    image: guests.Image
    public_key: str | None
    group_uuid: str | None
    zone: str | None
    cell: str
    limits: dict
    user_limits: dict


def make_plan(deps, context, wish):
    """Check a Wish against the world; a Plan. Nothing is written.

    `deps`: conf, cells, images. Raises Invalid (InvalidServer, NoSuchPlace, UnfitImage), Forbidden, Unavailable.
    """
    if wish.hostname and wish.max_count > 1:
        raise InvalidServer('Unable to allocate a single hostname to multiple instances')
    if wish.min_count > MOST_SERVERS:
        raise InvalidServer(f'min_count must be <= {MOST_SERVERS}')
    with deps.cells.api.read() as tx:
        flavor = _flavor(tx, context, wish)
        limits, user_limits = quota_limits.of_project_and_user(
            tx, deps.conf, context.project_id, context.user_id)
        public_key = _public_key(tx, context, wish)
        group = _group(tx, context, wish)
    server_quota.check_metadata(len(wish.metadata), user_limits)
    if group is not None:
        server_quota.check_group(group, wish.min_count, user_limits)
    cell, zone = server_places.choose(
        deps.conf, deps.cells, zone=wish.zone, force_host=wish.force_host, force_node=wish.force_node,
        requested_host=wish.requested_host, requested_node=wish.requested_node)
    image = _image(deps, context, wish, flavor)
    return Plan(flavor, image, public_key, group and group.uuid, zone, cell, limits, user_limits)


def _flavor(tx, context, wish):
    viewer = None if context.is_admin else context.project_id or ''
    try:
        found = flavors.get(tx, wish.flavor_ref, viewer=viewer)
    except errors.NotFound as error:
        raise InvalidServer(str(error)) from error
    if found.disabled:
        raise InvalidServer(f'Flavor {wish.flavor_ref} could not be found.')
    return msgspec.convert(found, guests.Flavor, from_attributes=True)


def _public_key(tx, context, wish):
    if wish.key_name is None:
        return None
    try:
        return keypairs.get(tx, context.user_id, wish.key_name).public_key
    except errors.NotFound as error:
        raise InvalidServer('Invalid key_name provided.') from error


def _group(tx, context, wish):
    hint = wish.scheduler_hints.get('group')
    if isinstance(hint, list):
        hint = hint[0] if hint else None
    if hint is None:
        return None
    try:
        found = server_groups.get(tx, hint)
    except errors.NotFound as error:
        raise InvalidServer(str(error)) from error
    if found.project_id != context.project_id and not context.is_admin:
        raise InvalidServer(f'Instance group {hint} could not be found.')
    return found


def _image(deps, context, wish, flavor):
    try:
        image = deps.images.show(wish.image_id, context.auth_token)
    except (errors.NotFound, errors.Forbidden) as error:
        raise InvalidServer('Can not find requested image') from error
    server_image.check(image, flavor, disk_config=wish.disk_config, may_be_diskless=wish.may_be_diskless)
    return image
