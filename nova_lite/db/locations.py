# SPDX-License-Identifier: Apache-2.0
"""Which cell a server lives in, and what it counts against its project's quota."""

import sqlalchemy as sa

from nova_lite.db import quotas
from nova_lite.db.models import api as models

CREATING = 'creating'
READY = 'ready'

_locations = models.server_locations
# Made once: every request for one server asks it.
_GET = sa.select(_locations).where(_locations.c.server_uuid == sa.bindparam('uuid'))


def counted(cores, ram):
    """What one server counts: resource -> amount."""
    return {'instances': 1, 'cores': cores, 'ram': ram}


def insert(tx, *, server_uuid, cell, project_id, user_id, cores, ram, now):
    """Note where a server is about to be written."""
    tx.execute(sa.insert(_locations).values(
        server_uuid=server_uuid, cell=cell, project_id=project_id, user_id=user_id, state=CREATING, cores=cores,
        ram=ram, created_at=now))


def get(tx, server_uuid):
    """The location's row, or None."""
    return tx.execute(_GET, {'uuid': server_uuid}).one_or_none()


def confirm(tx, server_uuids):
    """The cell has the servers."""
    tx.execute(sa.update(_locations).where(_locations.c.server_uuid.in_(server_uuids)).values(state=READY))


def remove(tx, server_uuid):
    """Forget a server and give back what it counted, once; False when that was done before."""
    row = get(tx, server_uuid)
    if row is None:
        return False
    gone = tx.execute(sa.delete(_locations).where(_locations.c.server_uuid == server_uuid)).rowcount
    if gone == 1:
        quotas.give_back(tx, row.project_id, counted(row.cores, row.ram))
    return gone == 1


def unconfirmed(tx, before):
    """Locations still `creating` that were written before `before`."""
    return tx.execute(sa.select(_locations).where(
        _locations.c.state == CREATING, _locations.c.created_at < before)).all()


def of_cells(tx, cells, *, project_id=None, limit=None):
    """The locations in these cells, newest first; of one project, or of all."""
    query = sa.select(_locations).where(_locations.c.cell.in_(cells))
    if project_id is not None:
        query = query.where(_locations.c.project_id == project_id)
    return tx.execute(query.order_by(_locations.c.created_at.desc(), _locations.c.server_uuid).limit(limit)).all()


def counted_now(tx, project_id, user_id):
    """resource -> what a user's servers in a project count at this moment, whatever the transaction saw before.

    The rows stay locked.
    """
    rows = tx.execute(sa.select(_locations.c.cores, _locations.c.ram).where(
        _locations.c.project_id == project_id, _locations.c.user_id == user_id).with_for_update()).all()
    return {'instances': len(rows), 'cores': sum(row.cores for row in rows), 'ram': sum(row.ram for row in rows)}


def sums(tx, project_id):
    """resource -> what the project's servers really count."""
    row = tx.execute(sa.select(
        sa.func.count(), sa.func.coalesce(sa.func.sum(_locations.c.cores), 0),
        sa.func.coalesce(sa.func.sum(_locations.c.ram), 0)).where(_locations.c.project_id == project_id)).one()
    return {'instances': row[0], 'cores': int(row[1]), 'ram': int(row[2])}
