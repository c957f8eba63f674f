# SPDX-License-Identifier: Apache-2.0
"""Queries that write inventories, and the look at inventory and usage that a claim decides on."""

import sqlalchemy as sa

from nova_lite.placement.db.tables import allocations, inventories, resource_classes, resource_providers

_USED = sa.select(sa.func.sum(allocations.c.used)).where(
    allocations.c.provider_id == inventories.c.provider_id,
    allocations.c.class_id == inventories.c.class_id).scalar_subquery()
_WITH_USAGE = sa.select(
    inventories, resource_providers.c.uuid, resource_classes.c.name, _USED.label('used')).select_from(
    resource_providers.join(inventories, inventories.c.provider_id == resource_providers.c.id)
    .join(resource_classes, resource_classes.c.id == inventories.c.class_id))


def with_usage(tx, uuids):
    """{(provider's uuid, class name): row with `used`, None where nothing was ever used}."""
    rows = tx.execute(_WITH_USAGE.where(resource_providers.c.uuid.in_(sorted(uuids))))
    return {(row.uuid, row.name): row for row in rows}


def class_ids(tx, provider_id):
    return set(tx.execute(sa.select(inventories.c.class_id).where(inventories.c.provider_id == provider_id)).scalars())


def used_class_names(tx, provider_id, ids):
    """The names of those classes of which something is allocated, in the order of their ids."""
    return tx.execute(sa.select(resource_classes.c.name).where(
        resource_classes.c.id.in_(sorted(ids)), sa.exists().where(
            allocations.c.provider_id == provider_id, allocations.c.class_id == resource_classes.c.id))
        .order_by(resource_classes.c.id)).scalars().all()


def insert(tx, provider_id, values_by_class):
    """Raises DBDuplicateEntry."""
    tx.execute(sa.insert(inventories), [
        {'provider_id': provider_id, 'class_id': class_id, 'modified_at': tx.now, **values}
        for class_id, values in values_by_class.items()])


def update(tx, provider_id, class_id, values):
    """How many rows there were to change."""
    return tx.execute(sa.update(inventories).where(
        inventories.c.provider_id == provider_id, inventories.c.class_id == class_id)
        .values(modified_at=tx.now, **values)).rowcount


def delete(tx, provider_id, ids):
    return tx.execute(sa.delete(inventories).where(
        inventories.c.provider_id == provider_id, inventories.c.class_id.in_(sorted(ids)))).rowcount


def usage(tx, provider_id, class_id):
    return int(tx.execute(sa.select(sa.func.sum(allocations.c.used)).where(
        allocations.c.provider_id == provider_id, allocations.c.class_id == class_id)).scalar() or 0)
