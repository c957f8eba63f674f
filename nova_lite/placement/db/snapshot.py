# SPDX-License-Identifier: Apache-2.0
"""The rows that a snapshot is made of: of all providers, or of some."""

import sqlalchemy as sa

from nova_lite.placement.db.tables import (
    allocations,
    inventories,
    resource_provider_aggregates,
    resource_provider_traits,
    resource_providers,
)

# Some databases bound the number of parameters in a statement.
CHUNK = 500


def providers(conn, ids=None):
    return _rows(conn, sa.select(resource_providers), resource_providers.c.id, ids, resource_providers.c.id)


def inventory(conn, ids=None):
    return _rows(conn, sa.select(inventories), inventories.c.provider_id, ids, inventories.c.provider_id,
                 inventories.c.class_id)


def usage(conn, ids=None):
    statement = sa.select(allocations.c.provider_id, allocations.c.class_id,
                          sa.func.sum(allocations.c.used).label('used'))
    return _rows(conn, statement.group_by(allocations.c.provider_id, allocations.c.class_id),
                 allocations.c.provider_id, ids)


def traits(conn, ids=None):
    return _rows(conn, sa.select(resource_provider_traits), resource_provider_traits.c.provider_id, ids)


def aggregates(conn, ids=None):
    return _rows(conn, sa.select(resource_provider_aggregates), resource_provider_aggregates.c.provider_id, ids)


def _rows(conn, statement, column, ids, *order):
    if ids is None:
        return conn.execute(statement.order_by(*order)).all()
    rows = []
    ids = sorted(ids)
    for start in range(0, len(ids), CHUNK):
        rows += conn.execute(statement.where(column.in_(ids[start:start + CHUNK])).order_by(*order)).all()
    return rows
