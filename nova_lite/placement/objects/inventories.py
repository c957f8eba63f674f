# SPDX-License-Identifier: Apache-2.0
"""Setting, changing and deleting what a provider has of each resource class."""

import logging
import re

from oslo_db import exception as db_exc

from nova_lite.placement import errors
from nova_lite.placement.db import inventories as db
from nova_lite.placement.db import names
from nova_lite.placement.db import resource_providers as providers_db
from nova_lite.placement.objects import resource_providers

LOG = logging.getLogger(__name__)
DEFAULTS = {'reserved': 0, 'min_unit': 1, 'max_unit': 2147483647, 'step_size': 1, 'allocation_ratio': 1.0}
_NAME = re.compile('[A-Z0-9_]+')
FIELDS = ('total', *DEFAULTS)


class UnknownClass(errors.BadRequest):
    """A resource class that does not exist."""


class NoInventory(errors.BadRequest):
    """The provider has no inventory of the class."""


class InUse(errors.Conflict):
    """Something is allocated of what should go."""

    code = errors.INVENTORY_INUSE


def complete(raw):
    """An inventory's numbers, the missing ones by default; whole numbers may have come as 8.0."""
    values = {name: raw.get(name, DEFAULTS.get(name)) for name in FIELDS}
    for name in FIELDS[:-1]:
        values[name] = int(values[name])
    values['allocation_ratio'] = float(values['allocation_ratio'])
    return values


def complete_all(raw):
    """{class name: numbers} of {class name: raw}. Raises UnknownClass for a name that no class can have.

    Placement's schema lets such a name pass, with anything behind it.
    """
    for name in raw:
        if not _NAME.fullmatch(name):
            raise UnknownClass(f'No such resource class {name}.')
    return {name: complete(numbers) for name, numbers in raw.items()}


def check_capacity(values, class_name, uuid, all_may_be_reserved):
    """Raises BadRequest if nothing of the inventory could ever be used; from 1.26 all may be reserved."""
    capacity = int((values['total'] - values['reserved']) * values['allocation_ratio'])
    if capacity < 0 or (capacity == 0 and not all_may_be_reserved):
        bound = 'greater than total' if all_may_be_reserved else 'greater than or equal to total'
        raise errors.BadRequest(f"Invalid inventory for '{class_name}' on resource provider '{uuid}'. "
                                f'The reserved value is {bound}.')


def class_id(tx, name):
    found = names.class_ids(tx, [name])
    if name not in found:
        raise UnknownClass(f'No such resource class {name}.')
    return found[name]


def add(database, uuid, class_name, values):
    """The generation after it. Raises NothingThere, UnknownClass, ConcurrentUpdate where the class is there already."""
    def work(tx):
        row = resource_providers.lock(tx, uuid)
        new = class_id(tx, class_name)
        if new in db.class_ids(tx, row.id):
            raise errors.ConcurrentUpdate(f'there is an inventory of class {class_name} already')
        db.insert(tx, row.id, {new: values})
        return _bumped(tx, row)

    return _guarded(database, work)


def update(database, uuid, class_name, values, generation):
    """The generation after it. Raises NothingThere, ConcurrentUpdate, UnknownClass, NoInventory."""
    def work(tx):
        row = resource_providers.lock_at(tx, uuid, generation)
        known = class_id(tx, class_name)
        _warn_if_over(tx, uuid, row.id, known, class_name, values)
        if not db.update(tx, row.id, known, values):
            raise NoInventory(f'No inventory of class {class_name} found.')
        return _bumped(tx, row)

    return _guarded(database, work)


def delete(database, uuid, class_name):
    """Raises NothingThere, NotFound, InUse."""
    def work(tx):
        row = resource_providers.lock(tx, uuid)
        known = names.class_ids(tx, [class_name])
        if not known:
            raise errors.NotFound(f'No such resource class {class_name}.')
        _refuse_used(tx, row, known.values())
        if not db.delete(tx, row.id, known.values()):
            raise errors.NotFound(f'No inventory of class {class_name} found for delete')
        _bumped(tx, row)

    _guarded(database, work)


def replace_all(database, uuid, inventories, generation=None):
    """The generation after it. Raises NothingThere, ConcurrentUpdate, UnknownClass, InUse."""
    def work(tx):
        if generation is None:
            row = resource_providers.lock(tx, uuid)
        else:
            row = resource_providers.lock_at(tx, uuid, generation)
        replace(tx, row, inventories)
        return _bumped(tx, row)

    return _guarded(database, work)


def replace(tx, row, inventories):
    """Make {class name: values} all that the locked provider has; the caller raises its generation."""
    known = names.class_ids(tx, sorted(inventories))
    for name in inventories:
        if name not in known:
            raise UnknownClass(f'No such resource class {name}.')
    wanted = {known[name]: values for name, values in inventories.items()}
    have = db.class_ids(tx, row.id)
    if gone := have - set(wanted):
        _refuse_used(tx, row, gone)
        db.delete(tx, row.id, gone)
    if new := {key: values for key, values in wanted.items() if key not in have}:
        db.insert(tx, row.id, new)
    for name, key in known.items():
        if key in have:
            _warn_if_over(tx, row.uuid, row.id, key, name, wanted[key])
            db.update(tx, row.id, key, wanted[key])
    tx.changed([row.id])


def _refuse_used(tx, row, ids):
    if used := db.used_class_names(tx, row.id, ids):
        raise InUse(f"Inventory for '{', '.join(used)}' on resource provider '{row.uuid}' in use.")


def _warn_if_over(tx, uuid, provider_id, key, name, values):
    if db.usage(tx, provider_id, key) > (values['total'] - values['reserved']) * values['allocation_ratio']:
        LOG.warning('Resource provider %s is now over-capacity for %s', uuid, name)


def _bumped(tx, row):
    providers_db.bump(tx, [row.id])
    tx.changed([row.id])
    return row.generation + 1


def _guarded(database, work):
    """A class that was deleted between our look and our write shows as a broken reference."""
    try:
        return database.write(work)
    except (db_exc.DBReferenceError, db_exc.DBDuplicateEntry) as exc:
        raise errors.ConcurrentUpdate(resource_providers.RACE) from exc
