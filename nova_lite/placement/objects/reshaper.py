# SPDX-License-Identifier: Apache-2.0
"""Moves inventories and the allocations on them in one transaction.

Neither can an inventory go while it is used, nor an allocation come before its inventory: so every provider has the old
and the new inventories for a moment that nobody sees.
"""

from typing import NamedTuple

from oslo_db import exception as db_exc

from nova_lite.placement import errors
from nova_lite.placement.db import allocations as allocations_db
from nova_lite.placement.db import inventories as inventories_db
from nova_lite.placement.db import resource_providers as db
from nova_lite.placement.objects import allocations, inventories, resource_providers


class Inventories(NamedTuple):
    """All that a provider shall have, and its generation as the caller knows it."""

    generation: int
    by_class: dict


def reshape(database, wanted, claims, retries):
    """`wanted` is {provider uuid: Inventories}. Raises ConcurrentUpdate, Conflict, BadRequest."""
    def work(tx):
        allocations_db.lock_consumers(tx, [c.consumer for c in claims])
        rows = db.lock(tx, set(wanted) | {uuid for c in claims for uuid in c.allocations})
        for uuid, new in wanted.items():
            if uuid not in rows or rows[uuid].generation != new.generation:
                raise errors.ConcurrentUpdate(resource_providers.RACE)
        for uuid, new in wanted.items():
            if new.by_class:
                inventories.replace(tx, rows[uuid], {**_current(tx, rows[uuid]), **new.by_class})
                db.bump(tx, [rows[uuid].id])
        allocations.claim(tx, claims)
        for uuid, new in wanted.items():
            inventories.replace(tx, rows[uuid], new.by_class)
            db.bump(tx, [rows[uuid].id])

    try:
        database.write(work, retries=retries, again_on_duplicate=True)
    except (errors.ConcurrentUpdate, inventories.InUse) as exc:
        raise errors.Conflict(f'update conflict: {exc}', code=exc.code) from exc
    except (inventories.UnknownClass, allocations.UnknownClass) as exc:
        raise errors.BadRequest(f'malformed reshaper data: {exc}') from exc
    except db_exc.DBReferenceError as exc:
        raise errors.ConcurrentUpdate(f'update conflict: {resource_providers.RACE}') from exc


def _current(tx, row):
    return {name: {field: getattr(found, field) for field in inventories.FIELDS}
            for (_, name), found in inventories_db.with_usage(tx, [row.uuid]).items()}
