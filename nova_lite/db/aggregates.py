# SPDX-License-Identifier: Apache-2.0
"""Queries on host aggregates and the availability zones made of them (api database).

A zone is the metadata `availability_zone` of an aggregate; a host is in one zone at most. `generation` grows with
every change, so that who mirrors an aggregate elsewhere can tell.
"""

import uuid as uuidlib
from datetime import datetime

import msgspec
import sqlalchemy as sa
from oslo_db import exception as db_exc

from nova_lite import errors
from nova_lite.db.models import api as models

ZONE = 'availability_zone'
KEEP = object()

_A = models.aggregates
_H = models.aggregate_hosts
_M = models.aggregate_metadata
# Made once: every view of servers asks them.
_ZONES = sa.select(_H.c.host, _M.c.value).join(_M, _M.c.aggregate_id == _H.c.aggregate_id).where(_M.c.key == ZONE)
_ZONES_OF = _ZONES.where(_H.c.host.in_(sa.bindparam('hosts', expanding=True)))


class AggregateNotFound(errors.NotFound):
    """No such aggregate."""


class AggregateExists(errors.Conflict):
    """Another aggregate has this name."""


class AggregateInUse(errors.Conflict):
    """The aggregate still has hosts."""


class HostInAggregate(errors.Conflict):
    """The host is in the aggregate already."""


class HostNotInAggregate(errors.NotFound):
    """The host is not in the aggregate."""


class ZoneConflict(errors.Conflict):
    """A host would be in two availability zones."""


class Aggregate(msgspec.Struct, frozen=True):
    """An aggregate with its hosts (sorted) and metadata (its zone included)."""

    id: int
    uuid: str
    name: str
    generation: int
    created_at: datetime
    updated_at: datetime | None
    hosts: tuple[str, ...] = ()
    metadata: dict[str, str] = {}

    @property
    def zone(self):
        return self.metadata.get(ZONE)


def list(tx, *, with_hosts=True):
    """Every aggregate, by id. Without `with_hosts` their `hosts` stay empty: cheap where hosts are many."""
    rows = tx.execute(sa.select(_A).order_by(_A.c.id)).all()
    metadata, members = {}, {}
    if rows:
        for row in tx.execute(sa.select(_M)):
            metadata.setdefault(row.aggregate_id, {})[row.key] = row.value
    if rows and with_hosts:
        for aggregate_id, host in tx.execute(sa.select(_H)):
            members.setdefault(aggregate_id, []).append(host)
    return [_aggregate(row, members.get(row.id, ()), metadata.get(row.id, {})) for row in rows]


def ids_of_hosts(tx, hosts):
    """host -> numbers of the aggregates it is in, of each of `hosts` that is in one."""
    found = {}
    for aggregate_id, host in tx.execute(sa.select(_H).where(_H.c.host.in_(hosts)).order_by(_H.c.aggregate_id)):
        found.setdefault(host, []).append(aggregate_id)
    return found


def get(tx, id):
    """The aggregate with this number. Raises AggregateNotFound."""
    return _load(tx, _A.c.id == id, id)


def get_by_uuid(tx, uuid):
    """The aggregate with this uuid. Raises AggregateNotFound."""
    return _load(tx, _A.c.uuid == uuid, uuid)


def create(tx, name, now, *, availability_zone=None):
    """Make an aggregate and return it. Raises AggregateExists."""
    values = {'uuid': str(uuidlib.uuid4()), 'name': name, 'generation': 0, 'created_at': now}
    try:
        with tx.begin_nested():
            id = tx.execute(_A.insert().values(**values)).inserted_primary_key[0]
    except db_exc.DBDuplicateEntry as error:
        raise AggregateExists(f'Aggregate {name} already exists.') from error
    if availability_zone is not None:
        tx.execute(_M.insert().values(aggregate_id=id, key=ZONE, value=availability_zone))
    return get(tx, id)


def update(tx, id, now, *, name=None, availability_zone=KEEP):
    """Rename an aggregate or change its zone (None removes it), and return it.

    Raises AggregateNotFound, AggregateExists, ZoneConflict.
    """
    _touch(tx, id, now)
    if name is not None:
        try:
            with tx.begin_nested():
                tx.execute(_A.update().where(_A.c.id == id).values(name=name))
        except db_exc.DBDuplicateEntry as error:
            raise AggregateExists(f'Aggregate {name} already exists.') from error
    if availability_zone is not KEEP:
        return set_metadata(tx, id, {ZONE: availability_zone}, now)
    return get(tx, id)


def set_metadata(tx, id, metadata, now):
    """Set the keys given, remove those whose value is None, and return the aggregate.

    Raises AggregateNotFound, ZoneConflict.
    """
    _touch(tx, id, now)
    if metadata.get(ZONE) is not None:
        _refuse_other_zone(tx, id, get(tx, id).hosts, metadata[ZONE])
    tx.execute(_M.delete().where(_M.c.aggregate_id == id, _M.c.key.in_(tuple(metadata))))
    rows = [{'aggregate_id': id, 'key': key, 'value': value} for key, value in metadata.items() if value is not None]
    if rows:
        tx.execute(_M.insert(), rows)
    return get(tx, id)


def add_host(tx, id, host, now):
    """Put a host in an aggregate, and return it. Raises AggregateNotFound, HostInAggregate, ZoneConflict."""
    _touch(tx, id, now)
    aggregate = get(tx, id)
    if host in aggregate.hosts:
        raise HostInAggregate(f'Host {host} is in aggregate {id} already.')
    if aggregate.zone is not None:
        _refuse_other_zone(tx, id, [host], aggregate.zone)
    tx.execute(_H.insert().values(aggregate_id=id, host=host))
    return get(tx, id)


def remove_host(tx, id, host, now):
    """Take a host out of an aggregate, and return it. Raises AggregateNotFound, HostNotInAggregate."""
    _touch(tx, id, now)
    if not tx.execute(_H.delete().where(_H.c.aggregate_id == id, _H.c.host == host)).rowcount:
        raise HostNotInAggregate(f'Host {host} is not in aggregate {id}.')
    return get(tx, id)


def forget_host(tx, host):
    """Take a host that is no more out of every aggregate."""
    tx.execute(_H.delete().where(_H.c.host == host))


def delete(tx, id):
    """Remove an aggregate. Raises AggregateNotFound, AggregateInUse."""
    _lock(tx)
    if get(tx, id).hosts:
        raise AggregateInUse(f'Aggregate {id} still has hosts.')
    tx.execute(_M.delete().where(_M.c.aggregate_id == id))
    tx.execute(_A.delete().where(_A.c.id == id))


def zones_of_hosts(tx, hosts=None):
    """host -> zone of each host that is in one; of `hosts` only, if given."""
    found = tx.execute(_ZONES) if hosts is None else tx.execute(_ZONES_OF, {'hosts': [*hosts]})
    return {host: zone for host, zone in found}


def zone_of_service(service, zones, *, default, internal):
    """The zone shown for a service: of compute its host's or `default`, of others `internal`.

    `zones` as `zones_of_hosts` gives them; the two names are `default_availability_zone` and
    `internal_service_availability_zone`.
    """
    return zones.get(service.host, default) if service.binary == 'nova-compute' else internal


def _load(tx, where, asked):
    row = tx.execute(sa.select(_A).where(where)).one_or_none()
    if row is None:
        raise AggregateNotFound(f'Aggregate {asked} could not be found.')
    hosts = tx.execute(sa.select(_H.c.host).where(_H.c.aggregate_id == row.id)).scalars()
    metadata = tx.execute(sa.select(_M.c.key, _M.c.value).where(_M.c.aggregate_id == row.id))
    return _aggregate(row, hosts, {key: value for key, value in metadata})


def _aggregate(row, hosts, metadata):
    return Aggregate(row.id, row.uuid, row.name, row.generation, row.created_at, row.updated_at,
                     tuple(sorted(hosts)), metadata)


def _lock(tx):
    # Two aggregates changed at once could put a host in two zones, which no constraint can say. Changes are rare.
    tx.execute(sa.select(_A.c.id).order_by(_A.c.id).with_for_update()).all()


def _touch(tx, id, now):
    _lock(tx)
    values = {'generation': _A.c.generation + 1, 'updated_at': now}
    if not tx.execute(_A.update().where(_A.c.id == id).values(**values)).rowcount:
        raise AggregateNotFound(f'Aggregate {id} could not be found.')


def _refuse_other_zone(tx, id, hosts, zone):
    query = sa.select(_H.c.host, _M.c.value).join(_M, _M.c.aggregate_id == _H.c.aggregate_id).where(
        _M.c.key == ZONE, _M.c.value != zone, _H.c.aggregate_id != id, _H.c.host.in_(hosts))
    other = tx.execute(query).first()
    if other is not None:
        raise ZoneConflict(f'Host {other.host} is in availability zone {other.value} already.')
