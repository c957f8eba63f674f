# SPDX-License-Identifier: Apache-2.0
"""How servers begin: checks that need the world, then two transactions (api, cell), then the casts.

Nothing is written before every check has passed. The api transaction writes locations and takes the quota, the cell's
writes servers and orders. What a crash leaves between the two is the `locations` reconciler's.
"""

import dataclasses
import logging
import secrets as randomness
import uuid as uuidlib

from nova_lite import errors, states
from nova_lite.db import locations, quotas, server_groups, servers
from nova_lite.db.engine import Contended
from nova_lite.operations import ask, begin, catalog, inputs, server_image, server_names, server_quota
from nova_lite.operations.create_plan import MOST_SERVERS, make_plan

LOG = logging.getLogger(__name__)

# The reconciler takes a location for abandoned after a minute: a cell's transaction must not come that late.
_PATIENCE = 30.0
# A bus that is away makes casts slow; adoption finds the other orders sooner.
_CAST_SECONDS = 2.0
_ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz'


@dataclasses.dataclass(frozen=True)
class Made:
    """What was made: the columns of each server, and the ids of the orders that build them, in the same order."""

    reservation_id: str
    servers: list
    order_ids: list


class NameTaken(errors.Conflict):
    """Another server has this name, and names must be unique here."""


class TooSlow(errors.Unavailable):
    """The cell's transaction came so late that the first one may have been taken for abandoned. It is undone."""

    message = 'The databases are too slow: no server was made.'


def create(deps, context, wish):
    """Make servers and let conductors build them; a Made.

    `deps`: conf, cells, clock, images, conductor, vault. Raises Invalid, Forbidden (quota), Conflict (a name that is
    taken), Unavailable; then nothing is left of the attempt, or will be within two minutes.
    """
    plan = make_plan(deps, context, wish)
    started = deps.clock.monotonic()
    rows = _reserved(deps, context, wish, plan)
    try:
        order_ids = deps.cells.get(plan.cell).transact(_write, deps, context, wish, plan, rows, started)
    except (TooSlow, Contended):
        _give_back(deps, rows)
        raise
    except errors.Unavailable:
        # Whether it was committed is not known. The reconciler will look.
        raise
    except Exception:
        _give_back(deps, rows)
        raise
    _confirm(deps, rows)
    _cast(deps, plan.cell, order_ids)
    return Made(rows[0]['reservation_id'], rows, order_ids)


def _reserved(deps, context, wish, plan):
    """What `_reserve` gives. Who asks for fewer or more and loses a race for the last of a quota asks once more."""
    try:
        return deps.cells.api.transact(_reserve, deps, context, wish, plan)
    except quotas.QuotaExceeded:
        if wish.min_count == wish.max_count:
            raise
        return deps.cells.api.transact(_reserve, deps, context, wish, plan)


def _reserve(tx, deps, context, wish, plan):
    """Take the quota, write the locations; the columns of the servers to be."""
    now = deps.clock.now()
    flavor = plan.flavor
    count = server_quota.take(tx, context, locations.counted(flavor.vcpus, flavor.memory_mb), wish.min_count,
                              min(wish.max_count, MOST_SERVERS), plan.limits, plan.user_limits)
    shared = _shared_columns(context, wish, plan, now)
    rows = [shared | _own_columns(wish, number, count) for number in range(count)]
    for row in rows:
        locations.insert(
            tx, server_uuid=row['uuid'], cell=plan.cell, project_id=context.project_id, user_id=context.user_id,
            cores=flavor.vcpus, ram=flavor.memory_mb, now=now)
    if plan.group_uuid is not None:
        server_quota.join_group(tx, plan.group_uuid, [row['uuid'] for row in rows], plan.user_limits)
    return rows


def _shared_columns(context, wish, plan, now):
    return {
        'project_id': context.project_id, 'user_id': context.user_id, 'description': wish.description,
        'vm_state': states.BUILDING, 'task_state': states.SCHEDULING, 'fence': 1, 'availability_zone': plan.zone,
        'flavorid': plan.flavor.flavorid, 'flavor': plan.flavor, 'image_id': plan.image.id, 'image': plan.image,
        'key_name': wish.key_name, 'public_key': plan.public_key, 'user_data': wish.user_data,
        'config_drive': wish.config_drive, 'access_ip_v4': wish.access_ip_v4, 'access_ip_v6': wish.access_ip_v6,
        'root_device_name': server_names.root_device(plan.image),
        'disk_config': server_image.disk_config(plan.image, wish.disk_config),
        'reservation_id': 'r-' + ''.join(randomness.choice(_ALPHABET) for _ in range(8)),
        'scheduler_hints': wish.scheduler_hints, 'trusted_certs': wish.trusted_certs, 'networks': wish.networks,
        'created_at': now, 'updated_at': now,
    }


def _own_columns(wish, number, count):
    uuid = str(uuidlib.uuid4())
    name, hostname = server_names.of_server(wish.name, wish.hostname, uuid, number, count)
    return {'uuid': uuid, 'display_name': name, 'hostname': hostname, 'launch_index': number}


def _write(tx, deps, context, wish, plan, rows, started):
    """Write servers and the orders that build them; the orders' ids. Nothing of it came before its location."""
    _check_names(tx, deps.conf, context, rows)
    now = deps.clock.now()
    sealed = ask.seal(deps, context, admin_password=wish.admin_password)
    value = inputs.Build(
        availability_zone=plan.zone, force_host=wish.force_host, force_node=wish.force_node,
        requested_host=wish.requested_host, requested_node=wish.requested_node, group_uuid=plan.group_uuid,
        scheduler_hints=wish.scheduler_hints)
    order_ids = []
    for row in rows:
        servers.insert(tx, row)
        servers.insert_metadata(tx, row['uuid'], wish.metadata)
        servers.insert_tags(tx, row['uuid'], wish.tags)
        order_ids.append(begin.insert_order(
            tx, catalog.OPERATIONS['build'], row['uuid'], fence=row['fence'], context=context, now=now, input=value,
            secrets=sealed))
    if deps.clock.monotonic() - started > _PATIENCE:
        raise TooSlow()
    return order_ids


def _check_names(tx, conf, context, rows):
    scope = conf.osapi_compute_unique_server_name_scope
    if not scope:
        return
    taken = servers.names_in_use(tx, [row['display_name'] for row in rows],
                                 context.project_id if scope == 'project' else None)
    if taken:
        raise NameTaken(f'Instance {taken[0]} already exists.')


def _give_back(deps, rows):
    """The cell's transaction is known not to have happened: undo the first one."""
    def undo(tx):
        for row in rows:
            server_groups.remove_member(tx, row['uuid'])
            locations.remove(tx, row['uuid'])

    try:
        deps.cells.api.transact(undo)
    except Exception as error:  # noqa: BLE001  the first error is the one to answer with; the reconciler does this too
        LOG.warning('Quota of %d servers that were not made is given back later: %s', len(rows), error)


def _confirm(deps, rows):
    try:
        deps.cells.api.transact(locations.confirm, [row['uuid'] for row in rows])
    except Exception as error:  # noqa: BLE001  the servers are there; the reconciler confirms what is not confirmed
        LOG.warning('The locations of %d new servers are confirmed later: %s', len(rows), error)


def _cast(deps, cell, order_ids):
    """Wake conductors. A message that is lost only means that adoption finds the order some seconds later."""
    end = deps.clock.monotonic() + _CAST_SECONDS
    for order_id in order_ids:
        if deps.clock.monotonic() > end:
            LOG.warning('The bus is slow: the remaining orders of %d are left to adoption', len(order_ids))
            return
        ask.wake(deps, cell, order_id)
