# SPDX-License-Identifier: Apache-2.0
"""Databases in tests: emptied, counted, and with a clock of the test's own, on every kind of server."""

import contextlib

import sqlalchemy as sa


def empty(database, metadata):
    """Delete every row of a schema."""
    with database.write() as tx:
        for table in reversed(metadata.sorted_tables):
            tx.execute(table.delete())


@contextlib.contextmanager
def counted(database):
    """Collects the statements that are executed inside the block, without those that only begin transactions."""
    said = []

    def note(connection, cursor, statement, *rest):
        if not statement.startswith(('BEGIN', 'SET ')):
            said.append(statement)

    sa.event.listen(database.engine, 'before_cursor_execute', note)
    try:
        yield said
    finally:
        sa.event.remove(database.engine, 'before_cursor_execute', note)


def virtual_database_time(database, clock):
    """Let MariaDB or PostgreSQL take `clock` for its own (SQLite asks `Database`'s)."""
    if database.engine.dialect.name == 'postgresql':
        _shadow_clock_timestamp(database)
        setting = "SET nova_lite.now = '%.6f'"
    else:
        setting = 'SET timestamp = %.6f'
    sa.event.listen(database.engine, 'begin', lambda tx: tx.exec_driver_sql(setting % clock.time()))


def _shadow_clock_timestamp(database):
    with database.write() as tx:
        tx.exec_driver_sql('CREATE SCHEMA IF NOT EXISTS virtual')
        tx.exec_driver_sql(
            'CREATE OR REPLACE FUNCTION virtual.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS '
            "$$ SELECT to_timestamp(current_setting('nova_lite.now')::double precision) $$")
    sa.event.listen(database.engine, 'connect', _look_there_first)
    database.engine.dispose()


def _look_there_first(connection, record):
    cursor = connection.cursor()
    cursor.execute('SET search_path TO public, virtual, pg_catalog')
    connection.commit()
    cursor.close()
