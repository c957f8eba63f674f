# SPDX-License-Identifier: Apache-2.0
"""Queries that write resource providers, their traits and their aggregates."""

import sqlalchemy as sa

from nova_lite.placement.db.tables import (
    allocations,
    inventories,
    resource_provider_aggregates,
    resource_provider_traits,
    resource_providers,
)

_LOCKED = sa.select(resource_providers.c.id, resource_providers.c.uuid, resource_providers.c.generation,
                    resource_providers.c.parent_id, resource_providers.c.root_id).with_for_update()


def lock(tx, uuids):
    """{uuid: row} of those that exist, locked in the order of their uuids until the transaction ends."""
    rows = tx.execute(_LOCKED.where(resource_providers.c.uuid.in_(sorted(uuids))).order_by(resource_providers.c.uuid))
    return {row.uuid: row for row in rows}


def lock_ids(tx, ids):
    rows = tx.execute(_LOCKED.where(resource_providers.c.id.in_(sorted(ids))).order_by(resource_providers.c.id))
    return {row.id: row for row in rows}


def bump(tx, ids):
    """Raise the generation of locked providers by one."""
    tx.execute(sa.update(resource_providers).where(resource_providers.c.id.in_(sorted(ids))).values(
        generation=resource_providers.c.generation + 1, modified_at=tx.now))


def take(tx, uuids):
    """Lock providers and raise their generations by one, in one statement; how many of them exist."""
    if len(uuids) > 1 and tx.backend == 'postgresql':
        # An update takes its rows in no certain order there.
        lock(tx, uuids)
    return tx.execute(sa.update(resource_providers).where(resource_providers.c.uuid.in_(sorted(uuids))).values(
        generation=resource_providers.c.generation + 1, modified_at=tx.now)).rowcount


def insert(tx, uuid, name, parent):
    """The new row's id; `parent` is a locked row or None. Raises DBDuplicateEntry."""
    new = tx.execute(sa.insert(resource_providers).values(
        uuid=uuid, name=name, generation=0, modified_at=tx.now, parent_id=parent.id if parent else None,
        root_id=parent.root_id if parent else None)).inserted_primary_key[0]
    if parent is None:
        tx.execute(sa.update(resource_providers).where(resource_providers.c.id == new).values(root_id=new))
    return new


def update(tx, provider_id, **values):
    """Raises DBDuplicateEntry for a name that another provider has."""
    tx.execute(sa.update(resource_providers).where(resource_providers.c.id == provider_id)
               .values(modified_at=tx.now, **values))


def move(tx, ids, root_id):
    tx.execute(sa.update(resource_providers).where(resource_providers.c.id.in_(sorted(ids))).values(root_id=root_id))


def delete(tx, provider_id):
    """Raises DBReferenceError where a child was added meanwhile."""
    for table in (inventories, resource_provider_traits, resource_provider_aggregates):
        tx.execute(sa.delete(table).where(table.c.provider_id == provider_id))
    tx.execute(sa.update(resource_providers).where(resource_providers.c.id == provider_id).values(root_id=None))
    tx.execute(sa.delete(resource_providers).where(resource_providers.c.id == provider_id))


def family(tx, root_id):
    """(id, parent_id) of every provider of a tree."""
    return tx.execute(sa.select(resource_providers.c.id, resource_providers.c.parent_id)
                      .where(resource_providers.c.root_id == root_id)).all()


def has_children(tx, provider_id):
    return _any(tx, resource_providers.c.parent_id == provider_id)


def has_allocations(tx, provider_id):
    return _any(tx, allocations.c.provider_id == provider_id)


def taken(conn, uuid, name):
    """Which of the two another provider has, in words; the uuid if both."""
    rows = conn.execute(sa.select(resource_providers.c.uuid, resource_providers.c.name).where(
        sa.or_(resource_providers.c.uuid == uuid, resource_providers.c.name == name))).all()
    return f'uuid: {uuid}' if any(row.uuid == uuid for row in rows) else f'name: {name}'


def set_traits(tx, provider_id, trait_ids):
    """Whether anything changed."""
    return _replace(tx, resource_provider_traits, 'trait_id', provider_id, trait_ids)


def set_aggregates(tx, provider_id, uuids):
    """Whether anything changed."""
    return _replace(tx, resource_provider_aggregates, 'aggregate_uuid', provider_id, uuids)


def _replace(tx, table, column, provider_id, wanted):
    have = set(tx.execute(sa.select(table.c[column]).where(table.c.provider_id == provider_id)).scalars())
    wanted = set(wanted)
    if gone := have - wanted:
        tx.execute(sa.delete(table).where(table.c.provider_id == provider_id, table.c[column].in_(sorted(gone))))
    if new := wanted - have:
        tx.execute(sa.insert(table), [{'provider_id': provider_id, column: value} for value in sorted(new)])
    return have != wanted


def _any(tx, condition):
    return tx.execute(sa.select(sa.literal(1)).where(condition).limit(1)).first() is not None
