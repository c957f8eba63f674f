# SPDX-License-Identifier: Apache-2.0
"""Claims: what a consumer holds is replaced as a whole, and only if there is room at the moment of the commit.

The providers' rows are locked first; inventory and usage are read after that, in the same transaction.
"""

import logging
from typing import NamedTuple

from oslo_db import exception as db_exc

from nova_lite.placement import errors
from nova_lite.placement.db import allocations as db
from nova_lite.placement.db import inventories as inventories_db
from nova_lite.placement.db import names
from nova_lite.placement.db import resource_providers as providers_db

LOG = logging.getLogger(__name__)
ANY = object()


class Claim(NamedTuple):
    """What one consumer wants to hold: {provider uuid: {class name: amount}}, nothing to give all back.

    `generation` is the consumer's that the caller knows, None for a new one, ANY before 1.28; `type_id` None keeps the
    type.
    """

    consumer: str
    allocations: dict
    project_id: str
    user_id: str
    generation: object = ANY
    type_id: int | None = None


class UnknownProvider(errors.BadRequest):
    """A provider of a claim does not exist."""


class UnknownClass(errors.BadRequest):
    """A resource class of a claim does not exist."""


class Refused(errors.Conflict):
    """There is no such inventory, no room, or the amount breaks the inventory's units."""


class ConsumerTypes:
    """The ids of consumer types; they are never deleted, so that each process may keep what it has seen."""

    def __init__(self, database):
        self._database = database
        self._ids = {}

    def id_of(self, name):
        """The type's id; a new type is created. Raises oslo.db's errors."""
        if name not in self._ids:
            self._ids[name] = self._database.write(lambda tx: names.consumer_type_id(tx, name), again_on_duplicate=True)
        return self._ids[name]


def replace(database, claims, retries):
    """Grant all of `claims` or none. Raises ConcurrentUpdate, UnknownProvider, UnknownClass, Refused."""
    if all(c.generation is None and c.allocations for c in claims):
        # New consumers, as most are: to insert them is to look for them.
        try:
            database.write(lambda tx: claim(tx, claims, are_new=True), retries=retries)
            return
        except db_exc.DBDuplicateEntry:
            LOG.debug('One of %d new consumers is not new', len(claims))
    database.write(lambda tx: claim(tx, claims), retries=retries, again_on_duplicate=True)


def claim(tx, claims, are_new=False):
    """The claims' part of a transaction. Consumers are locked before providers, everywhere.

    Raises as replace() does, and DBDuplicateEntry for a consumer that came meanwhile.
    """
    consumers = {} if are_new else db.lock_consumers(tx, [c.consumer for c in claims])
    for wanted in claims:
        _check_generation(wanted, consumers.get(wanted.consumer))
    ids = {wanted.consumer: _write_consumer(tx, wanted, consumers.get(wanted.consumer))
           for wanted in sorted(claims, key=lambda c: c.consumer) if wanted.allocations}
    _take_providers(tx, claims)
    old = db.held(tx, [row.id for row in consumers.values()])
    rows = _granted(tx, claims, old)
    if old:
        db.delete(tx, [row.id for row in consumers.values()])
    new, empty = [], []
    for wanted in claims:
        consumer = consumers.get(wanted.consumer)
        if wanted.allocations:
            new += [(ids[wanted.consumer], *row) for row in rows[wanted.consumer]]
        elif consumer is not None:
            empty.append(consumer.id)
    if new:
        db.insert(tx, new)
    if empty:
        db.delete_consumers(tx, empty)
    taken = {provider_id for _, provider_id, _, _ in new}
    left = {a.provider_id for a in old if a.consumer_id in set(empty)} - taken
    if left:
        providers_db.bump(tx, left)
    tx.used(taken | {a.provider_id for a in old})


def _check_generation(wanted, consumer):
    if wanted.generation is ANY:
        return
    expected = consumer.generation if consumer is not None else None
    if wanted.generation != expected:
        shown = 'null' if expected is None else expected
        raise errors.ConcurrentUpdate(f'consumer generation conflict - expected {shown} but got {wanted.generation}')


def _take_providers(tx, claims):
    """Lock the providers of the claims; their generations are raised with it."""
    wanted = {uuid for c in claims for uuid in c.allocations}
    if not wanted or providers_db.take(tx, wanted) == len(wanted):
        return
    there = providers_db.lock(tx, wanted)
    missing = next(uuid for c in claims for uuid in c.allocations if uuid not in there)
    raise UnknownProvider(f"Allocation for resource provider '{missing}' that does not exist.")


def _write_consumer(tx, wanted, consumer):
    if consumer is None:
        return db.insert_consumer(tx, wanted.consumer, wanted.project_id, wanted.user_id, wanted.type_id)
    values = {'project_id': wanted.project_id, 'user_id': wanted.user_id}
    if wanted.type_id is not None:
        values['type_id'] = wanted.type_id
    db.update_consumer(tx, consumer, **values)
    return consumer.id


def _granted(tx, claims, old):
    """{consumer: [(provider_id, class_id, amount)]}, each checked against inventory and usage."""
    wanted = {uuid for c in claims for uuid in c.allocations}
    inventory = inventories_db.with_usage(tx, wanted) if wanted else {}
    given_back = {}
    for row in old:
        key = row.provider_id, row.class_id
        given_back[key] = given_back.get(key, 0) + row.used
    asked = {}
    rows = {}
    for c in claims:
        for uuid, resources in c.allocations.items():
            for name, amount in resources.items():
                found = inventory.get((uuid, name))
                if found is None:
                    _refuse_class(tx, uuid, name)
                key = found.provider_id, found.class_id
                _check_units(found, amount, uuid, name)
                asked[key] = asked.get(key, 0) + amount
                _check_room(found, asked[key], given_back.get(key, 0), uuid, name)
                rows.setdefault(c.consumer, []).append((*key, amount))
    return rows


def _refuse_class(tx, uuid, name):
    if not names.class_ids(tx, [name]):
        raise UnknownClass(f'No such resource class {name}.')
    raise Refused(f"Unable to allocate inventory: Inventory for '{name}' on resource provider '{uuid}' invalid.")


def _check_units(inventory, amount, uuid, name):
    if not inventory.min_unit <= amount <= inventory.max_unit or amount % inventory.step_size:
        raise Refused(f"Unable to allocate inventory: Unable to create allocation for '{name}' on resource provider "
                      f"'{uuid}'. The requested amount would violate inventory constraints.")


def _check_room(inventory, asked, given_back, uuid, name):
    """Over capacity is refused unless the claim leaves no more in use than there was before."""
    before = int(inventory.used or 0)
    after = before - given_back + asked
    if after > (inventory.total - inventory.reserved) * inventory.allocation_ratio and (
            inventory.used is None or after > before):
        raise Refused(f"Unable to allocate inventory: Unable to create allocation for '{name}' on resource provider "
                      f"'{uuid}'. The requested amount would exceed the capacity.")


def delete(database, consumer_uuid):
    """Give back all that a consumer holds. Raises NotFound where it holds nothing."""
    def work(tx):
        consumer = db.lock_consumers(tx, [consumer_uuid]).get(consumer_uuid)
        if consumer is None:
            raise errors.NotFound(f"No allocations for consumer '{consumer_uuid}'")
        tx.used({row.provider_id for row in db.held(tx, [consumer.id])})
        db.delete(tx, [consumer.id])
        db.delete_consumers(tx, [consumer.id])

    database.write(work)
