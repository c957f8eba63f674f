# SPDX-License-Identifier: Apache-2.0
"""Queries on flavors, their extra specs and the projects that may use the private ones (api database).

`list` and `get` give a `Flavor`, extra specs included. `viewer` is a project: who it is decides which private flavors
exist for it; None sees every one.
"""

import uuid as uuidlib
from datetime import datetime

import msgspec
import sqlalchemy as sa
from oslo_db import exception as db_exc

from nova_lite import errors
from nova_lite.db.models import api as models

_F = models.flavors
_S = models.flavor_extra_specs
_P = models.flavor_projects

# What a project sees: public flavors, and private ones it may use. Built once: every list and show needs it.
_PUBLIC = _F.c.is_public == sa.true()
_SEEN = sa.or_(_PUBLIC, _F.c.id.in_(sa.select(_P.c.flavor_id).where(_P.c.project_id == sa.bindparam('viewer'))))
_ALL = sa.select(_F)
_ONE = _ALL.where(_F.c.flavorid == sa.bindparam('flavorid'))
_ONE_SEEN = _ONE.where(_SEEN)

# Nova's sort keys; it has no weight any more, so that this one sorts by number.
SORT_KEYS = {name: _F.c[name] for name in (
    'created_at', 'description', 'disabled', 'ephemeral_gb', 'flavorid', 'id', 'is_public', 'memory_mb', 'name',
    'root_gb', 'rxtx_factor', 'swap', 'updated_at', 'vcpus')} | {'vcpu_weight': _F.c.id}


class FlavorNotFound(errors.NotFound):
    """No such flavor, or not for this project."""

    def __init__(self, flavorid):
        super().__init__(f'Flavor {flavorid} could not be found.')


class FlavorExists(errors.Conflict):
    """Another flavor has this name or id."""


class AccessExists(errors.Conflict):
    """The project may use the flavor already."""


class AccessNotFound(errors.NotFound):
    """The project may not use the flavor anyway."""


class ExtraSpecNotFound(errors.NotFound):
    """The flavor has no extra spec of this name."""


class Flavor(msgspec.Struct, frozen=True):
    """A flavor: `memory_mb` MiB, `root_gb` and `ephemeral_gb` GiB, `swap` MiB."""

    id: int
    flavorid: str
    name: str
    vcpus: int
    memory_mb: int
    root_gb: int
    ephemeral_gb: int
    swap: int
    rxtx_factor: float
    disabled: bool
    is_public: bool
    description: str | None
    created_at: datetime | None
    updated_at: datetime | None
    extra_specs: dict[str, str] = {}


def list(tx, *, viewer=None, is_public=None, disabled=None, min_memory_mb=None, min_root_gb=None, name=None,
         sort_key='flavorid', sort_dir='asc', marker=None, limit=None, extra_specs=True):
    """A page of flavors. `is_public` True means: public, or for `viewer`; None means all.

    `marker` is the flavorid that the page begins after. Raises FlavorNotFound for a marker that does not exist.
    """
    query, values = _ALL, {}
    if is_public and viewer is not None:
        query, values = query.where(_SEEN), {'viewer': viewer}
    elif is_public is not None:
        query = query.where(_PUBLIC if is_public else _F.c.is_public == sa.false())
    if disabled is not None:
        query = query.where(_F.c.disabled == disabled)
    if min_memory_mb is not None:
        query = query.where(_F.c.memory_mb >= min_memory_mb)
    if min_root_gb is not None:
        query = query.where(_F.c.root_gb >= min_root_gb)
    if name is not None:
        query = query.where(_F.c.name == name)
    column = SORT_KEYS[sort_key]
    if marker is not None:
        query = query.where(_after(tx, column, sort_dir, marker))
    order = sa.asc if sort_dir == 'asc' else sa.desc
    nulls = [order(column.is_not(None))] if column.nullable else []
    rows = tx.execute(query.order_by(*nulls, order(column), order(_F.c.id)).limit(limit), values).all()
    specs = _specs(tx, [row.id for row in rows]) if extra_specs else {}
    return [_flavor(row, specs.get(row.id, {})) for row in rows]


def get(tx, flavorid, *, viewer=None):
    """The flavor with this id. With `viewer`, a private one only if that project may use it. Raises FlavorNotFound."""
    if viewer is None:
        row = tx.execute(_ONE, {'flavorid': flavorid}).one_or_none()
    else:
        row = tx.execute(_ONE_SEEN, {'flavorid': flavorid, 'viewer': viewer}).one_or_none()
    if row is None:
        raise FlavorNotFound(flavorid)
    return _flavor(row, _specs(tx, [row.id]).get(row.id, {}))


def create(tx, values, now):
    """Make a flavor of the column values given, and return it; `flavorid` None makes one up. Raises FlavorExists."""
    values = {'flavorid': None, **values, 'created_at': now}
    values['flavorid'] = values['flavorid'] or str(uuidlib.uuid4())
    try:
        with tx.begin_nested():
            tx.execute(_F.insert().values(**values))
    except db_exc.DBDuplicateEntry as error:
        taken = tx.execute(sa.select(_F.c.id).where(_F.c.flavorid == values['flavorid'])).one_or_none()
        what = f'ID {values["flavorid"]}' if taken else f'name {values["name"]}'
        raise FlavorExists(f'Flavor with {what} already exists.') from error
    return get(tx, values['flavorid'])


def update(tx, flavorid, now, *, description):
    """Change the description of a flavor, and return it. Raises FlavorNotFound."""
    tx.execute(_F.update().where(_F.c.flavorid == flavorid).values(description=description, updated_at=now))
    return get(tx, flavorid)


def delete(tx, flavorid):
    """Delete a flavor; servers keep what they were made of. Raises FlavorNotFound."""
    row = tx.execute(sa.select(_F.c.id).where(_F.c.flavorid == flavorid)).one_or_none()
    if row is None:
        raise FlavorNotFound(flavorid)
    for table in (_S, _P):
        tx.execute(table.delete().where(table.c.flavor_id == row.id))
    tx.execute(_F.delete().where(_F.c.id == row.id))


def projects(tx, flavor):
    """The projects that may use a private flavor, sorted."""
    return tx.execute(sa.select(_P.c.project_id).where(_P.c.flavor_id == flavor.id)
                      .order_by(_P.c.project_id)).scalars().all()


def add_project(tx, flavor, project_id):
    """Let a project use a flavor. Raises AccessExists."""
    try:
        with tx.begin_nested():
            tx.execute(_P.insert().values(flavor_id=flavor.id, project_id=project_id))
    except db_exc.DBDuplicateEntry as error:
        raise AccessExists(f'Flavor access already exists for flavor {flavor.flavorid} '
                           f'and project {project_id} combination.') from error


def remove_project(tx, flavor, project_id):
    """Let a project no longer use a flavor. Raises AccessNotFound."""
    found = sa.and_(_P.c.flavor_id == flavor.id, _P.c.project_id == project_id)
    if not tx.execute(_P.delete().where(found)).rowcount:
        raise AccessNotFound(f'Flavor access not found for {flavor.flavorid} / {project_id} combination.')


def set_extra_specs(tx, flavor, specs):
    """Add or change extra specs (name -> text)."""
    tx.execute(_S.delete().where(_S.c.flavor_id == flavor.id, _S.c.key.in_(tuple(specs))))
    rows = [{'flavor_id': flavor.id, 'key': key, 'value': value} for key, value in specs.items()]
    if rows:
        tx.execute(_S.insert(), rows)


def delete_extra_spec(tx, flavor, key):
    """Remove one extra spec. Raises ExtraSpecNotFound."""
    if not tx.execute(_S.delete().where(_S.c.flavor_id == flavor.id, _S.c.key == key)).rowcount:
        raise ExtraSpecNotFound(f'Flavor {flavor.flavorid} has no extra specs with key {key}.')


def _after(tx, column, sort_dir, marker):
    """What comes after the flavor `marker`; NULL sorts before everything."""
    row = tx.execute(sa.select(column.label('value'), _F.c.id).where(_F.c.flavorid == marker)).one_or_none()
    if row is None:
        raise FlavorNotFound(marker)
    up = sort_dir == 'asc'
    later = _F.c.id > row.id if up else _F.c.id < row.id
    if row.value is None:
        same = sa.and_(column.is_(None), later)
        return sa.or_(column.is_not(None), same) if up else same
    beyond = column > row.value if up else sa.or_(column < row.value, column.is_(None))
    return sa.or_(beyond, sa.and_(column == row.value, later))


def _specs(tx, ids):
    found = {}
    for row in tx.execute(sa.select(_S).where(_S.c.flavor_id.in_(ids)).order_by(_S.c.key)):
        found.setdefault(row.flavor_id, {})[row.key] = row.value
    return found


def _flavor(row, specs):
    return Flavor(**row._mapping, extra_specs=specs)
