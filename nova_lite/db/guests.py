# SPDX-License-Identifier: Apache-2.0
"""What hosts report of guests. The conductor is the only writer; an older report never overwrites a newer one."""

import sqlalchemy as sa
from oslo_db import exception as db_exc

from nova_lite.db.models import cell as models

_guests = models.guests
_servers = models.servers


def get(tx, server_uuid):
    """The guest's row, or None."""
    return tx.execute(sa.select(_guests).where(_guests.c.server_uuid == server_uuid)).one_or_none()


def record(tx, server_uuid, host, power_state, now, *, boot_id='', sequence=0):
    """Note what `host` says of a guest; False when a later report of the same boot is there already, or no server."""
    values = {'host': host, 'power_state': power_state, 'boot_id': boot_id, 'sequence': sequence, 'updated_at': now}
    if get(tx, server_uuid) is None:
        row = sa.select(_servers.c.uuid, *(sa.literal(value, _guests.c[name].type) for name, value in values.items()))
        lives = row.where(_servers.c.uuid == server_uuid, _servers.c.deleted == sa.false())
        try:
            return tx.execute(sa.insert(_guests).from_select(['server_uuid', *values], lives)).rowcount == 1
        except db_exc.DBDuplicateEntry as error:
            raise db_exc.DBDeadlock(error) from error  # another transaction was first: `transact` runs this one again
    later = sa.and_(_guests.c.boot_id == boot_id, _guests.c.host == host, _guests.c.sequence > sequence)
    return tx.execute(sa.update(_guests).where(
        _guests.c.server_uuid == server_uuid, sa.not_(later) if boot_id else sa.true()).values(**values)).rowcount == 1


def forget(tx, server_uuid):
    tx.execute(sa.delete(_guests).where(_guests.c.server_uuid == server_uuid))


def of_host(tx, host, uuids=None):
    """server uuid -> row, for every guest last seen on `host`; with `uuids` of these servers only."""
    query = sa.select(_guests).where(_guests.c.host == host)
    if uuids is not None:
        query = query.where(_guests.c.server_uuid.in_(uuids))
    return {row.server_uuid: row for row in tx.execute(query)}
