# SPDX-License-Identifier: Apache-2.0
"""Queries on server groups, their members, and where each member was placed (api database).

`claim` is the only way to place a member: it wins only if no other member was placed since the group was read.
"""

import uuid as uuidlib
from datetime import datetime

import msgspec
import sqlalchemy as sa

from nova_lite import errors
from nova_lite.db.models import api as models
from nova_lite.db.upsert import upsert

_G = models.server_groups
_M = models.server_group_members
# Made once: every view of a server asks it.
_OF_SERVERS = sa.select(_M.c.server_uuid, _M.c.group_uuid).where(
    _M.c.server_uuid.in_(sa.bindparam('uuids', expanding=True)))


class GroupNotFound(errors.NotFound):
    """No such server group."""


class Group(msgspec.Struct, frozen=True):
    """A group. `members` is server uuid -> host, None while it has none; `rules` e.g. `max_server_per_host`."""

    id: int
    uuid: str
    name: str
    project_id: str
    user_id: str
    policy: str
    rules: dict
    generation: int
    created_at: datetime
    members: dict[str, str | None] = {}

    def hosts_of_others(self, server_uuid):
        """host -> how many members other than this one are placed there."""
        counts = {}
        for member, host in self.members.items():
            if host is not None and member != server_uuid:
                counts[host] = counts.get(host, 0) + 1
        return counts


def list(tx, *, project_id=None, limit=None, offset=None):
    """Groups by id, of one project or of all."""
    query = sa.select(_G).order_by(_G.c.id).limit(limit).offset(offset)
    if project_id is not None:
        query = query.where(_G.c.project_id == project_id)
    rows = tx.execute(query).all()
    members = {}
    for row in tx.execute(sa.select(_M).where(_M.c.group_uuid.in_([row.uuid for row in rows]))):
        members.setdefault(row.group_uuid, {})[row.server_uuid] = row.host
    return [_group(row, members.get(row.uuid, {})) for row in rows]


def get(tx, uuid):
    """The group with this uuid. Raises GroupNotFound."""
    row = tx.execute(sa.select(_G).where(_G.c.uuid == uuid)).one_or_none()
    if row is None:
        raise GroupNotFound(f'Instance group {uuid} could not be found.')
    members = tx.execute(sa.select(_M.c.server_uuid, _M.c.host).where(_M.c.group_uuid == uuid))
    return _group(row, {member: host for member, host in members})


def get_of_server(tx, server_uuid):
    """The group a server is a member of, or None."""
    uuid = tx.execute(sa.select(_M.c.group_uuid).where(_M.c.server_uuid == server_uuid)).scalar_one_or_none()
    return None if uuid is None else get(tx, uuid)


def count_members_now(tx, uuid):
    """How many members a group has at this moment, whatever the transaction saw before; they stay locked."""
    return len(tx.execute(sa.select(_M.c.server_uuid).where(_M.c.group_uuid == uuid).with_for_update()).all())


def of_servers(tx, server_uuids):
    """server uuid -> [uuid of its group], of those that are in one."""
    rows = tx.execute(_OF_SERVERS, {'uuids': server_uuids})
    return {row.server_uuid: [row.group_uuid] for row in rows}


def count(tx, project_id):
    """How many groups a project has."""
    return tx.execute(sa.select(sa.func.count()).select_from(_G).where(_G.c.project_id == project_id)).scalar_one()


def create(tx, *, name, project_id, user_id, policy, now, rules=None, uuid=None):
    """Make a group and return it."""
    uuid = uuid or str(uuidlib.uuid4())
    tx.execute(_G.insert().values(uuid=uuid, name=name, project_id=project_id, user_id=user_id, policy=policy,
                                  rules=rules or {}, generation=0, created_at=now))
    return get(tx, uuid)


def delete(tx, uuid):
    """Remove a group; its members stay where they are. Raises GroupNotFound."""
    tx.execute(_M.delete().where(_M.c.group_uuid == uuid))
    if not tx.execute(_G.delete().where(_G.c.uuid == uuid)).rowcount:
        raise GroupNotFound(f'Instance group {uuid} could not be found.')


def add_member(tx, uuid, server_uuid):
    """Make a server, not placed yet, a member; one that is a member stays as it is. Raises GroupNotFound."""
    if not tx.execute(_G.update().where(_G.c.uuid == uuid).values(generation=_G.c.generation + 1)).rowcount:
        raise GroupNotFound(f'Instance group {uuid} could not be found.')
    upsert(tx, _M, {'server_uuid': server_uuid}, {'group_uuid': uuid}, {'host': None})


def remove_member(tx, server_uuid):
    """Forget a server that is gone. False if it was in no group."""
    return bool(tx.execute(_M.delete().where(_M.c.server_uuid == server_uuid)).rowcount)


def claim(tx, uuid, generation, server_uuid, host):
    """Place a member on `host`, if the group is still at `generation`. False if it is not, or is gone.

    Compare-and-swap: of two callers who read the same generation one wins; the other must look again.
    """
    mine = sa.and_(_G.c.uuid == uuid, _G.c.generation == generation)
    if not tx.execute(_G.update().where(mine).values(generation=generation + 1)).rowcount:
        return False
    upsert(tx, _M, {'server_uuid': server_uuid}, {'group_uuid': uuid, 'host': host}, {})
    return True


def release(tx, server_uuid, host=None):
    """Note that a member is on no host (a build that failed, a server shelved). False if it was placed nowhere.

    With `host`, only if it is placed there.
    """
    where = sa.and_(_M.c.server_uuid == server_uuid, _M.c.host.is_not(None) if host is None else _M.c.host == host)
    group = tx.execute(sa.select(_M.c.group_uuid).where(where)).scalar_one_or_none()
    if group is None:
        return False
    tx.execute(_G.update().where(_G.c.uuid == group).values(generation=_G.c.generation + 1))
    return bool(tx.execute(_M.update().where(where).values(host=None)).rowcount)


def _group(row, members):
    return Group(row.id, row.uuid, row.name, row.project_id, row.user_id, row.policy, row.rules or {},
                 row.generation, row.created_at, members)
