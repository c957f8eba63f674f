# SPDX-License-Identifier: Apache-2.0
"""Queries on allocations and on the consumers that hold them."""

import sqlalchemy as sa

from nova_lite.placement.db.tables import (
    allocations,
    consumer_types,
    consumers,
    resource_classes,
    resource_providers,
)


def lock_consumers(tx, uuids):
    """{uuid: row} of those that exist, locked in the order of their uuids until the transaction ends."""
    rows = tx.execute(sa.select(consumers).where(consumers.c.uuid.in_(sorted(uuids)))
                      .order_by(consumers.c.uuid).with_for_update())
    return {row.uuid: row for row in rows}


def insert_consumer(tx, uuid, project_id, user_id, type_id):
    """The new consumer's id. Raises DBDuplicateEntry."""
    return tx.execute(sa.insert(consumers).values(
        uuid=uuid, project_id=project_id, user_id=user_id, type_id=type_id, generation=1)).inserted_primary_key[0]


def update_consumer(tx, consumer, **values):
    """Change a locked consumer and raise its generation."""
    tx.execute(sa.update(consumers).where(consumers.c.id == consumer.id)
               .values(generation=consumer.generation + 1, **values))


def delete_consumers(tx, ids):
    tx.execute(sa.delete(consumers).where(consumers.c.id.in_(sorted(ids))))


def held(tx, consumer_ids):
    """Every allocation of these consumers."""
    if not consumer_ids:
        return []
    return tx.execute(sa.select(allocations).where(allocations.c.consumer_id.in_(sorted(consumer_ids)))).all()


def delete(tx, consumer_ids):
    tx.execute(sa.delete(allocations).where(allocations.c.consumer_id.in_(sorted(consumer_ids))))


def insert(tx, rows):
    """`rows` of (consumer_id, provider_id, class_id, used)."""
    tx.execute(sa.insert(allocations), [
        {'consumer_id': c, 'provider_id': p, 'class_id': k, 'used': used, 'modified_at': tx.now}
        for c, p, k, used in rows])


def of_consumer(conn, uuid):
    """A consumer's allocations with their providers' generations and the consumer's own data."""
    return conn.execute(
        sa.select(resource_providers.c.uuid, resource_providers.c.generation, resource_classes.c.name,
                  allocations.c.used, allocations.c.modified_at, consumers.c.project_id, consumers.c.user_id,
                  consumers.c.generation.label('consumer_generation'), consumer_types.c.name.label('consumer_type'))
        .select_from(consumers.join(allocations, allocations.c.consumer_id == consumers.c.id)
                     .join(resource_providers, resource_providers.c.id == allocations.c.provider_id)
                     .join(resource_classes, resource_classes.c.id == allocations.c.class_id)
                     .outerjoin(consumer_types, consumer_types.c.id == consumers.c.type_id))
        .where(consumers.c.uuid == uuid)
        .order_by(allocations.c.provider_id, allocations.c.class_id)).all()


def of_provider(conn, uuid):
    """(the provider's generation, its allocations with their consumers); None if there is no such provider."""
    provider = conn.execute(sa.select(resource_providers.c.id, resource_providers.c.generation)
                            .where(resource_providers.c.uuid == uuid)).first()
    if provider is None:
        return None
    return provider.generation, conn.execute(
        sa.select(consumers.c.uuid, consumers.c.generation, resource_classes.c.name, allocations.c.used,
                  allocations.c.modified_at)
        .select_from(allocations.join(consumers, consumers.c.id == allocations.c.consumer_id)
                     .join(resource_classes, resource_classes.c.id == allocations.c.class_id))
        .where(allocations.c.provider_id == provider.id)
        .order_by(allocations.c.consumer_id, allocations.c.class_id)).all()


def usage_of_project(conn, project_id, user_id=None):
    """(class name, used) of all consumers of a project, or of one user in it."""
    return conn.execute(sa.select(resource_classes.c.name, sa.func.sum(allocations.c.used).label('used')).select_from(
        consumers.join(allocations, allocations.c.consumer_id == consumers.c.id)
        .join(resource_classes, resource_classes.c.id == allocations.c.class_id))
        .where(*_owner(project_id, user_id)).group_by(resource_classes.c.name)).all()


def usage_by_type(conn, project_id, user_id=None):
    """(consumer type or None, class name, used) and {consumer type or None: number of consumers}."""
    where = _owner(project_id, user_id)
    joined = consumers.outerjoin(consumer_types, consumer_types.c.id == consumers.c.type_id)
    kind = consumer_types.c.name.label('type')
    columns = kind, resource_classes.c.name, sa.func.sum(allocations.c.used).label('used')
    used = conn.execute(sa.select(*columns).select_from(
        joined.join(allocations, allocations.c.consumer_id == consumers.c.id)
        .join(resource_classes, resource_classes.c.id == allocations.c.class_id))
        .where(*where).group_by(kind, resource_classes.c.name)).all()
    counts = conn.execute(sa.select(kind, sa.func.count(consumers.c.id)).select_from(joined)
                          .where(*where).group_by(kind)).all()
    return used, {row[0]: row[1] for row in counts}


def _owner(project_id, user_id):
    where = [consumers.c.project_id == project_id]
    return [*where, consumers.c.user_id == user_id] if user_id else where
