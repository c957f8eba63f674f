# SPDX-License-Identifier: Apache-2.0
"""Queries on the two tables of names, traits and resource classes, and on consumer types."""

import sqlalchemy as sa

from nova_lite.placement.db.tables import (
    consumer_types,
    inventories,
    resource_classes,
    resource_provider_traits,
    traits,
)

FIRST_CUSTOM_CLASS = 10000


def all_traits(conn):
    return conn.execute(sa.select(traits.c.id, traits.c.name, traits.c.modified_at).order_by(traits.c.id)).all()


def all_classes(conn):
    return conn.execute(sa.select(resource_classes.c.id, resource_classes.c.name, resource_classes.c.modified_at)
                        .order_by(resource_classes.c.id)).all()


def trait_ids(tx, names):
    """{name: id} of those names that exist, as of now."""
    if not names:
        return {}
    rows = tx.execute(sa.select(traits.c.name, traits.c.id, traits.c.modified_at).where(traits.c.name.in_(names)))
    return {row.name: row for row in rows}


def class_ids(tx, names):
    """{name: id} of those names that exist, as of now."""
    if not names:
        return {}
    rows = tx.execute(sa.select(resource_classes.c.name, resource_classes.c.id)
                      .where(resource_classes.c.name.in_(names)))
    return {row.name: row.id for row in rows}


def add_trait(tx, name):
    """Raises DBDuplicateEntry."""
    tx.execute(sa.insert(traits).values(name=name, modified_at=tx.now))
    tx.renamed()


def delete_trait(tx, name):
    """How many rows went. Raises DBReferenceError while a provider has the trait."""
    tx.renamed()
    return tx.execute(sa.delete(traits).where(traits.c.name == name)).rowcount


def is_trait_used(tx, name):
    return tx.execute(sa.select(sa.literal(1)).select_from(
        resource_provider_traits.join(traits, traits.c.id == resource_provider_traits.c.trait_id))
        .where(traits.c.name == name).limit(1)).first() is not None


def add_class(tx, name):
    """A custom class gets the next free id. Raises DBDuplicateEntry, for the name or for the id in a race."""
    top = tx.execute(sa.select(sa.func.max(resource_classes.c.id))).scalar()
    new = FIRST_CUSTOM_CLASS if top is None or top < FIRST_CUSTOM_CLASS else top + 1
    tx.execute(sa.insert(resource_classes).values(id=new, name=name, modified_at=tx.now))
    tx.renamed()


def rename_class(tx, name, new_name):
    """How many rows changed. Raises DBDuplicateEntry."""
    tx.renamed()
    return tx.execute(sa.update(resource_classes).where(resource_classes.c.name == name)
                      .values(name=new_name, modified_at=tx.now)).rowcount


def delete_class(tx, name):
    """How many rows went. Raises DBReferenceError while an inventory has the class."""
    tx.renamed()
    return tx.execute(sa.delete(resource_classes).where(resource_classes.c.name == name)).rowcount


def is_class_used(tx, name):
    return tx.execute(sa.select(sa.literal(1)).select_from(
        inventories.join(resource_classes, resource_classes.c.id == inventories.c.class_id))
        .where(resource_classes.c.name == name).limit(1)).first() is not None


def sync_standard(tx, standard_traits, standard_classes):
    """Add the names of os-traits and os-resource-classes that are missing; a class's id is its index."""
    have = set(tx.execute(sa.select(traits.c.name)).scalars())
    if missing := sorted(set(standard_traits) - have):
        tx.execute(sa.insert(traits), [{'name': name, 'modified_at': tx.now} for name in missing])
        tx.renamed()
    have = set(tx.execute(sa.select(resource_classes.c.name)).scalars())
    rows = [{'id': index, 'name': name, 'modified_at': tx.now}
            for index, name in enumerate(standard_classes) if name not in have]
    if rows:
        tx.execute(sa.insert(resource_classes), rows)
        tx.renamed()


def consumer_type_id(tx, name):
    """The id of a consumer type, which is created where it is new. Raises DBDuplicateEntry in a race: run again."""
    found = tx.execute(sa.select(consumer_types.c.id).where(consumer_types.c.name == name)).scalar()
    if found is not None:
        return found
    return tx.execute(sa.insert(consumer_types).values(name=name)).inserted_primary_key[0]


