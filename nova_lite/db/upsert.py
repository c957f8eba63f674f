# SPDX-License-Identifier: Apache-2.0
"""Update a row or insert it, the same way on every database. Knows no table of its own."""

import sqlalchemy as sa
from oslo_db import exception as db_exc


def upsert(tx, table, keys, values, initial):
    """Set `values` on the row that `keys` name; insert it with `initial` besides when there is none.

    True if the row was inserted. Two callers at once both succeed: who comes second updates.
    """
    found = sa.and_(*(table.c[name] == value for name, value in keys.items()))
    for _ in range(2):
        if tx.execute(table.update().where(found).values(**values)).rowcount:
            return False
        try:
            with tx.begin_nested():
                tx.execute(table.insert().values(**keys, **values, **initial))
            return True
        except db_exc.DBDuplicateEntry as error:
            duplicate = error
    raise duplicate
