# SPDX-License-Identifier: Apache-2.0
"""Pages of servers: filters, sort keys, markers, merged over the cells.

Filters and sort keys have Nova's names; which of them a caller may use is the API's business. A server is found by
(sort keys, uuid), so that no page misses or repeats one while others come and go. NULL sorts before everything.
"""

import dataclasses
import re

import sqlalchemy as sa
from oslo_db import exception as db_exc

from nova_lite import errors, states
from nova_lite.db.engine import DatabaseUnavailable
from nova_lite.db.models import cell as models
from nova_lite.db.types import json_text

_servers = models.servers
_guests = models.guests
_tags = models.server_tags
_c = _servers.c

POWER_STATE = sa.func.coalesce(_guests.c.power_state, states.NOSTATE).label('power_state')
FROM = _servers.outerjoin(_guests, _guests.c.server_uuid == _c.uuid)
BRIEF = (_c.uuid, _c.display_name, _c.project_id)
WHOLE = (_servers, POWER_STATE)
# Made once: to put a statement with so many columns together costs more than to ask it.
_GET_ANY = sa.select(*WHOLE).select_from(FROM).where(_c.uuid == sa.bindparam('uuid'))
_GET = _GET_ANY.where(_c.deleted == sa.false())

_KERNEL_ID = sa.func.coalesce(json_text(_c.image, 'properties', 'kernel_id'), '')
_RAMDISK_ID = sa.func.coalesce(json_text(_c.image, 'properties', 'ramdisk_id'), '')
_AUTO_DISK = sa.case((_c.disk_config == 'AUTO', 1), else_=0)
_CONFIG_DRIVE = sa.case((_c.config_drive == sa.true(), 'True'), else_='')

# Nova's sort key -> expression. Flavors have one name here: instance_type_id sorts by the flavor's.
_SORT = {
    'access_ip_v4': _c.access_ip_v4, 'access_ip_v6': _c.access_ip_v6, 'auto_disk_config': _AUTO_DISK,
    'availability_zone': _c.availability_zone, 'config_drive': _CONFIG_DRIVE, 'created_at': _c.created_at,
    'display_description': _c.description, 'display_name': _c.display_name, 'host': _c.host,
    'hostname': _c.hostname, 'image_ref': _c.image_id, 'instance_type_id': _c.flavorid, 'kernel_id': _KERNEL_ID,
    'key_name': _c.key_name, 'launch_index': _c.launch_index, 'launched_at': _c.launched_at,
    'locked': sa.case((_c.locked_by.is_not(None), 1), else_=0), 'locked_by': _c.locked_by, 'node': _c.node,
    'power_state': sa.func.coalesce(_guests.c.power_state, states.NOSTATE), 'progress': _c.progress,
    'project_id': _c.project_id, 'ramdisk_id': _RAMDISK_ID, 'root_device_name': _c.root_device_name,
    'task_state': _c.task_state, 'terminated_at': _c.terminated_at, 'updated_at': _c.updated_at,
    'user_id': _c.user_id, 'uuid': _c.uuid, 'vm_state': _c.vm_state,
}
SORT_KEYS = frozenset(_SORT)

_EXACT = {'project_id': _c.project_id, 'tenant_id': _c.project_id, 'user_id': _c.user_id, 'image': _c.image_id,
          'image_ref': _c.image_id, 'vm_state': _c.vm_state, 'task_state': _c.task_state, 'uuid': _c.uuid,
          'host': _c.host, 'flavor': _c.flavorid}
_REGEX = {
    'name': _c.display_name, 'display_description': _c.description,
    **{key: _SORT[key] for key in (
        'access_ip_v4', 'access_ip_v6', 'auto_disk_config', 'config_drive', 'created_at', 'display_name', 'hostname',
        'kernel_id', 'key_name', 'launch_index', 'launched_at', 'locked_by', 'node', 'power_state', 'progress',
        'ramdisk_id', 'root_device_name', 'terminated_at', 'updated_at')},
    'reservation_id': _c.reservation_id,
}
# No server has an address while there is no network service: these match nothing.
_NEVER = frozenset({'ip', 'ip6', 'fixed_ip'})


class MarkerNotFound(errors.Invalid):
    """The server that a page should begin after does not exist, or is not the caller's."""

    def __init__(self, marker):
        super().__init__(f'marker [{marker}] not found')


class BadPattern(errors.Invalid):
    """The database does not take a regular expression."""

    message = 'A filter is not a regular expression that the database knows.'


@dataclasses.dataclass(frozen=True)
class Zones:
    """Where hosts are: `by_host` for hosts in an aggregate with a zone; every other one is in `default`."""

    by_host: dict
    default: str


@dataclasses.dataclass(frozen=True)
class Wanted:
    """One page. `filters`: Nova's names -> text (True or False for deleted, soft_deleted and locked, an aware datetime
    for changes-*, a list for tags and status); unknown names match everything. `sort`: (key, 'asc' or 'desc').
    `zones` is needed to filter by availability_zone.
    """

    filters: dict
    sort: tuple = (('created_at', 'desc'),)
    limit: int | None = None
    marker: str | None = None
    zones: Zones | None = None
    brief: bool = False


@dataclasses.dataclass(frozen=True)
class Page:
    """Servers in order, with `power_state` of the guest; uuid -> cell of each; the cells that did not answer."""

    rows: list
    cells: dict
    down: list


def page(cells, wanted):
    """The Page that is wanted.

    Raises MarkerNotFound, BadPattern; Unavailable when the marker may be in a cell that does not answer.
    """
    if wanted.limit == 0:
        return Page([], {}, [])
    sort = _with_uuid(wanted.sort)
    names = cells.names()
    after = None if wanted.marker is None else _marker(cells, names, wanted, sort)
    found, down = {}, []
    for name in names:
        try:
            with cells.get(name).read() as tx:
                found[name] = _select(tx, wanted, sort, after)
        except DatabaseUnavailable:
            down.append(name)
    rows = [*found.values()][0] if len(found) == 1 else _merge(found.values(), sort, wanted.limit)
    return Page(rows, {row.uuid: name for name, rows in found.items() for row in rows}, down)


def get(tx, uuid, *, deleted=False):
    """One server with `power_state`, or None."""
    return tx.execute(_GET_ANY if deleted else _GET, {'uuid': uuid}).one_or_none()


def _with_uuid(sort):
    known = [(key, direction) for key, direction in sort if key in _SORT]
    last = known[0][1] if known else 'desc'
    return [*known, ('uuid', last)] if 'uuid' not in dict(known) else known


def _select(tx, wanted, sort, after):
    columns = BRIEF if wanted.brief else WHOLE
    values = [_SORT[key].label(f'sort_{number}') for number, (key, _) in enumerate(sort)]
    query = sa.select(*columns, *values).select_from(FROM).where(*conditions(wanted.filters, wanted.zones))
    if after is not None:
        query = query.where(_after(tx, sort, after))
    query = query.order_by(*(_order(tx, key, direction) for key, direction in sort)).limit(wanted.limit)
    try:
        return tx.execute(query).all()
    except (db_exc.DBConnectionError, db_exc.DBDeadlock):
        raise
    except (db_exc.DBError, sa.exc.DBAPIError) as error:
        if any(name in _REGEX for name in wanted.filters):
            raise BadPattern() from error
        raise


def conditions(filters, zones=None):
    """The SQL tests of a list's filters."""
    found = []
    for name, value in filters.items():
        if name in _EXACT:
            found.append(_EXACT[name] == value)
        elif name in _REGEX:
            found.append(_matches(_REGEX[name], value))
        elif name in _NEVER:
            found.append(sa.false())
        elif name in _SPECIAL:
            found.append(_SPECIAL[name](value))
    if filters.get('deleted') is not None:
        found.append(_deleted(filters['deleted'], filters.get('soft_deleted')))
    if 'availability_zone' in filters:
        found.append(_in_zone(filters['availability_zone'], zones))
    return found


def _matches(column, pattern):
    text = column if isinstance(column.type, sa.String) else sa.cast(column, sa.String(64))
    return sa.and_(column.is_not(None), text.regexp_match(pattern))


def _deleted(deleted, soft_deleted):
    soft = _c.vm_state == states.SOFT_DELETED
    if deleted:
        return _c.deleted == sa.true() if soft_deleted is False else sa.or_(_c.deleted == sa.true(), soft)
    alive = _c.deleted == sa.false()
    return alive if soft_deleted else sa.and_(alive, sa.not_(soft))


def _in_zone(pattern, zones):
    """A placed server is in its host's zone, another one in the zone it asked for."""
    found = re.compile(pattern).search
    elsewhere = [host for host, zone in zones.by_host.items() if not found(zone)]
    there = [host for host, zone in zones.by_host.items() if found(zone)]
    placed = _c.host.not_in(elsewhere) if found(zones.default) else _c.host.in_(there)
    return sa.or_(sa.and_(_c.host.is_not(None), placed),
                  sa.and_(_c.host.is_(None), _matches(_c.availability_zone, pattern)))


def _has_status(statuses):
    """Servers that show as one of these statuses; a status nobody knows matches nothing."""
    tests = []
    for status in statuses:
        for vm_state, include, exclude in states.states_of_status(status.upper()):
            test = [_c.vm_state == vm_state]
            if include is not None:
                test.append(_c.task_state.in_(include))
            if exclude:
                test.append(sa.or_(_c.task_state.is_(None), _c.task_state.not_in(exclude)))
            tests.append(sa.and_(*test))
        if status.upper() == 'DELETED':
            tests.append(_c.deleted == sa.true())
    return sa.or_(sa.false(), *tests)


def _tagged(tags):
    return sa.exists().where(_tags.c.server_uuid == _c.uuid, _tags.c.tag.in_(tags))


def _tagged_all(tags):
    return sa.and_(*(_tagged([tag]) for tag in tags))


_SPECIAL = {
    'status': _has_status,
    'locked': lambda locked: _c.locked_by.is_not(None) if locked else _c.locked_by.is_(None),
    'changes-since': lambda time: _c.updated_at >= time,
    'changes-before': lambda time: _c.updated_at <= time,
    'tags': _tagged_all,
    'tags-any': _tagged,
    'not-tags': lambda tags: sa.not_(_tagged_all(tags)),
    'not-tags-any': lambda tags: sa.not_(_tagged(tags)),
}


def _column(tx, key):
    """What is compared: text by its code points on every database, as the merge of cells does."""
    column = _SORT[key]
    if tx.dialect.name == 'postgresql' and isinstance(column.type, sa.String):
        return sa.collate(column, 'C')
    return column


def _order(tx, key, direction):
    column = _column(tx, key)
    ordered = column.asc() if direction == 'asc' else column.desc()
    if tx.dialect.name == 'postgresql':
        return ordered.nulls_first() if direction == 'asc' else ordered.nulls_last()
    return ordered


def _after(tx, sort, values):
    """Rows behind the one with these sort values."""
    tests, equal = [], []
    for (key, direction), value in zip(sort, values, strict=True):
        column = _column(tx, key)
        if value is None:
            behind = column.is_not(None) if direction == 'asc' else sa.false()
            same = column.is_(None)
        else:
            behind = column > value if direction == 'asc' else sa.or_(column < value, column.is_(None))
            same = column == value
        tests.append(sa.and_(*equal, behind))
        equal.append(same)
    return sa.or_(*tests)


def _marker(cells, names, wanted, sort):
    """The sort values of the server that the page begins after; a deleted one will do."""
    owner = {key: wanted.filters[key] for key in ('project_id', 'user_id') if key in wanted.filters}
    query = sa.select(*(_SORT[key] for key, _ in sort)).select_from(FROM).where(
        _c.uuid == wanted.marker, *conditions(owner))
    unavailable = None
    for name in names:
        try:
            with cells.get(name).read() as tx:
                row = tx.execute(query).one_or_none()
        except DatabaseUnavailable as error:
            unavailable = error
            continue
        if row is not None:
            return tuple(row)
    if unavailable is not None:
        raise unavailable
    raise MarkerNotFound(wanted.marker)


def _merge(found, sort, limit):
    rows = [row for rows in found for row in rows]
    for number, (_, direction) in reversed(list(enumerate(sort))):
        name = f'sort_{number}'
        rows.sort(key=lambda row: _null_first(getattr(row, name)), reverse=direction == 'desc')  # noqa: B023
    return rows[:limit]


def _null_first(value):
    return (value is not None, value)
