# SPDX-License-Identifier: Apache-2.0
"""Servers: one row each, changed by compare-and-swap on their states. Lists for the API are `server_lists.py`'s."""

import sqlalchemy as sa

from nova_lite import errors
from nova_lite.db.models import cell as models

_servers = models.servers
_faults = models.server_faults
_metadata = models.server_metadata
_tags = models.server_tags
# Made once: these are asked again and again.
_GET_ANY = sa.select(_servers).where(_servers.c.uuid == sa.bindparam('uuid'))
_GET = _GET_ANY.where(_servers.c.deleted == sa.false())
_OF_SERVERS = sa.bindparam('uuids', expanding=True)
_METADATA = sa.select(_metadata).where(_metadata.c.server_uuid.in_(_OF_SERVERS))
_TAGS = sa.select(_tags).where(_tags.c.server_uuid.in_(_OF_SERVERS)).order_by(_tags.c.tag)


class Indistinct(errors.Invalid):
    """Two names differ only in spaces at their ends, which not every database tells apart."""


def insert(tx, values):
    """Write a new server; its numeric id (of the instance name)."""
    return tx.execute(sa.insert(_servers).values(**values)).inserted_primary_key[0]


def get(tx, uuid, *, deleted=False):
    """The server, or None; deleted ones only when asked."""
    return tx.execute(_GET_ANY if deleted else _GET, {'uuid': uuid}).one_or_none()


def get_now(tx, uuid):
    """As `get`, at this moment whatever the transaction saw before; the row stays locked."""
    return tx.execute(sa.select(_servers).where(
        _servers.c.uuid == uuid, _servers.c.deleted == sa.false()).with_for_update()).one_or_none()


def get_many(tx, uuids):
    """uuid -> server, deleted ones included."""
    rows = tx.execute(sa.select(_servers).where(_servers.c.uuid.in_(uuids))).all()
    return {row.uuid: row for row in rows}


def update(tx, uuid, **values):
    """Change a server's columns; False when there is none."""
    return tx.execute(sa.update(_servers).where(_servers.c.uuid == uuid).values(**values)).rowcount == 1


def swap_states(tx, uuid, *, vm_states, task_states, locked_ok, now, **values):
    """Change a server if it is in one of the states named, and raise its fence; False when it is not.

    `vm_states` None means any; `task_states` is a tuple that may hold None, or None for any.
    """
    guard = _guard(uuid, vm_states, task_states, locked_ok)
    return tx.execute(sa.update(_servers).where(*guard).values(
        fence=_servers.c.fence + 1, updated_at=now, **values)).rowcount == 1


def change(tx, uuid, *, vm_states, task_states, locked_ok, now, **values):
    """As `swap_states`, for what no host hears of: the fence stays. The row is locked until the transaction ends."""
    guard = _guard(uuid, vm_states, task_states, locked_ok)
    return tx.execute(sa.update(_servers).where(*guard).values(updated_at=now, **values)).rowcount == 1


def _guard(uuid, vm_states, task_states, locked_ok):
    conditions = [_servers.c.uuid == uuid, _servers.c.deleted == sa.false()]
    if vm_states is not None:
        conditions.append(_servers.c.vm_state.in_(vm_states))
    if task_states is not None:
        named = [state for state in task_states if state is not None]
        allowed = [_servers.c.task_state.in_(named)] if named else []
        if None in task_states:
            allowed.append(_servers.c.task_state.is_(None))
        conditions.append(sa.or_(*allowed))
    if not locked_ok:
        conditions.append(_servers.c.locked_by.is_(None))
    return conditions


def swap_idle(tx, uuid, vm_state, now, /, *, fence, **values):
    """Change an idle server that is still in `vm_state` at `fence`; False when an operation came between."""
    return tx.execute(sa.update(_servers).where(
        _servers.c.uuid == uuid, _servers.c.deleted == sa.false(), _servers.c.vm_state == vm_state,
        _servers.c.fence == fence, _servers.c.task_state.is_(None)).values(updated_at=now, **values)).rowcount == 1


def set_fault(tx, uuid, *, code, message, details, host, now):
    """The last fault of a server: replaces an earlier one."""
    tx.execute(sa.delete(_faults).where(_faults.c.server_uuid == uuid))
    tx.execute(sa.insert(_faults).values(
        server_uuid=uuid, code=code, message=message[:255], details=details, host=host, created_at=now))


def faults(tx, uuids):
    """uuid -> fault row."""
    rows = tx.execute(sa.select(_faults).where(_faults.c.server_uuid.in_(uuids))).all()
    return {row.server_uuid: row for row in rows}


def metadata(tx, uuids):
    """uuid -> {key: value}."""
    found = {uuid: {} for uuid in uuids}
    for row in tx.execute(_METADATA, {'uuids': uuids}):
        found[row.server_uuid][row.key] = row.value
    return found


def tags(tx, uuids):
    """uuid -> [tag], sorted."""
    found = {uuid: [] for uuid in uuids}
    for row in tx.execute(_TAGS, {'uuids': uuids}):
        found[row.server_uuid].append(row.tag)
    return found


def insert_metadata(tx, uuid, values):
    """Add metadata items to a server that has none of these names. Raises Indistinct."""
    check_distinct(values)
    if values:
        tx.execute(sa.insert(_metadata), [{'server_uuid': uuid, 'key': k, 'value': v} for k, v in values.items()])


def insert_tags(tx, uuid, values):
    """Add tags to a server that has none of them. Raises Indistinct."""
    check_distinct(values)
    if values:
        tx.execute(sa.insert(_tags), [{'server_uuid': uuid, 'tag': tag} for tag in values])


def of_host(tx, host):
    """uuid -> server, for every server that is placed on `host` and not deleted."""
    rows = tx.execute(sa.select(_servers).where(_servers.c.host == host, _servers.c.deleted == sa.false())).all()
    return {row.uuid: row for row in rows}


def states_of_host(tx, host, uuids=None):
    """uuid -> (uuid, vm_state, task_state, fence) of the servers on `host`; with `uuids` of these only."""
    query = sa.select(_servers.c.uuid, _servers.c.vm_state, _servers.c.task_state, _servers.c.fence).where(
        _servers.c.host == host, _servers.c.deleted == sa.false())
    if uuids is not None:
        query = query.where(_servers.c.uuid.in_(uuids))
    return {row.uuid: row for row in tx.execute(query)}


def names_in_use(tx, names, project_id=None):
    """Those of `names` that servers have already, in any case of letters; of one project, or of all."""
    wanted = {name.lower() for name in names}
    query = sa.select(_servers.c.display_name).where(
        _servers.c.deleted == sa.false(), sa.func.lower(_servers.c.display_name).in_(wanted))
    if project_id is not None:
        query = query.where(_servers.c.project_id == project_id)
    return tx.execute(query).scalars().all()


def replace_metadata(tx, uuid, values):
    """Give a server these metadata items and no others."""
    tx.execute(sa.delete(_metadata).where(_metadata.c.server_uuid == uuid))
    insert_metadata(tx, uuid, values)


def delete_metadata(tx, uuid, key):
    tx.execute(sa.delete(_metadata).where(_metadata.c.server_uuid == uuid, _metadata.c.key == key))


def replace_tags(tx, uuid, values):
    """Give a server these tags and no others."""
    tx.execute(sa.delete(_tags).where(_tags.c.server_uuid == uuid))
    insert_tags(tx, uuid, values)


def delete_tag(tx, uuid, tag):
    """Take one tag off a server; False when it had none such."""
    return tx.execute(sa.delete(_tags).where(_tags.c.server_uuid == uuid, _tags.c.tag == tag)).rowcount == 1


def check_distinct(names):
    """Raise Indistinct if two of `names` are one to some database."""
    seen = {}
    for name in names:
        other = seen.setdefault(name.rstrip(' '), name)
        if other != name:
            raise Indistinct(f"'{other}' and '{name}' differ only in spaces at the end.")
