# SPDX-License-Identifier: Apache-2.0
"""Engines and transactions. A `Database` is one schema's connection pool; it knows no table.

SQLite runs in WAL mode and every writing transaction begins IMMEDIATE, so that several daemons may share a file.
"""

import contextlib
import logging
import random
import time

import sqlalchemy as sa
from oslo_db import exception as db_exc
from oslo_db.sqlalchemy import engines

from nova_lite import errors

LOG = logging.getLogger(__name__)

# How often `transact` runs its function again when another transaction won.
_TRIES = 12


# `max_retries`: whoever waits for a database does so itself, and says so. `thread_checkin` would give up the processor
# after each transaction, for green threads; those yield at I/O anyway.
_DEFAULTS = {'connection_recycle_time': 3600, 'max_retries': 0, 'retry_interval': 1, 'mysql_sql_mode': 'TRADITIONAL',
             'max_pool_size': 5, 'max_overflow': 50, 'thread_checkin': False}
_POOL = ('max_pool_size', 'max_overflow', 'pool_timeout')


class DatabaseUnavailable(errors.Unavailable):
    message = 'The database did not answer.'


class Contended(errors.Unavailable):
    """Other transactions won again and again; nothing was written."""

    message = 'The database is too busy; try again.'


class Database:
    """One database: `read()` and `write()` each are one transaction that gives a connection (`tx`).

    `options` are oslo.db's, over `_DEFAULTS`; SQLite takes none that are about a pool of connections.
    Raises `DatabaseUnavailable` when the server cannot be reached or the connection breaks.
    """

    def __init__(self, url, *, name='main', options=None, clock=time.time):
        self.name = name
        self.sqlite = url.startswith('sqlite')
        options = _DEFAULTS | (options or {})
        if self.sqlite:
            options = {name: value for name, value in options.items() if name not in _POOL}
        memory = url in ('sqlite://', 'sqlite:///:memory:')
        self.engine = _create(url, memory, options)
        if self.sqlite:
            sa.event.listen(self.engine, 'connect', _sqlite_connect(clock, memory))
            sa.event.listen(self.engine, 'engine_connect', _sqlite_take_over_begin)
            sa.event.listen(self.engine, 'begin', _sqlite_begin)
            sa.event.listen(self.engine, 'commit', _sqlite_take_over_begin)
            sa.event.listen(self.engine, 'rollback', _sqlite_take_over_begin)

    @contextlib.contextmanager
    def read(self):
        """A read-only transaction. On SQLite and MariaDB it is one consistent view, on PostgreSQL each statement is."""
        # Nothing is to be committed: it begins with the first statement, and closing rolls it back.
        try:
            with _translated(), self.engine.connect() as tx:
                yield tx
        except db_exc.DBDeadlock as error:
            raise Contended() from error

    @contextlib.contextmanager
    def write(self):
        """A writing transaction, committed at the end of the block."""
        with _translated(), self.engine.connect() as tx:
            tx = tx.execution_options(nova_write=True)
            with tx.begin():
                yield tx

    def transact(self, function, *args, **kwargs):
        """Run `function(tx, ...)` in a writing transaction; again when another transaction won a deadlock.

        Raises Contended when that does not end.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                with self.write() as tx:
                    return function(tx, *args, **kwargs)
            except db_exc.DBDeadlock as error:
                if attempt == _TRIES:
                    raise Contended() from error
                time.sleep(random.uniform(0, 0.01 * 2 ** min(attempt, 6)))

    def ping(self):
        """Raise `DatabaseUnavailable` unless the database answers."""
        with self.read() as tx:
            tx.execute(sa.text('SELECT 1'))

    def dispose(self):
        self.engine.dispose()


def _create(url, memory, options):
    try:
        engine = engines.create_engine(url, sqlite_fk=False, **options)
    except db_exc.DBConnectionError as error:
        raise DatabaseUnavailable(f'The database cannot be reached: {error}') from error
    # Errors are logged, and the values of a row may be user data or keys.
    engine.hide_parameters = True
    return engine


@contextlib.contextmanager
def _translated():
    try:
        yield
    except (db_exc.DBConnectionError, sa.exc.TimeoutError) as error:
        raise DatabaseUnavailable(f'The database did not answer: {error}') from error
    except (db_exc.DBError, sa.exc.OperationalError) as error:
        # oslo.db does not translate what fails while a connection is made.
        if _is_locked(error):
            raise db_exc.DBDeadlock(error) from error
        if _is_shutting_down(error):
            raise DatabaseUnavailable(f'The database did not answer: {error}') from error
        raise


def _is_locked(error):
    return 'database is locked' in str(error) or 'database table is locked' in str(error)


def _is_shutting_down(error):
    text = str(error)
    return any(mark in text for mark in ('Server shutdown in progress', 'terminating connection',
                                         'server closed the connection', 'the database system is'))


def _sqlite_connect(clock, memory):
    def connect(connection, record):
        # The driver must not begin transactions by itself: `_sqlite_begin` says which kind.
        connection.isolation_level = None
        connection.create_function('nova_epoch', 0, lambda: float(clock()))
        cursor = connection.cursor()
        cursor.execute('PRAGMA busy_timeout = 30000')
        cursor.execute('PRAGMA foreign_keys = ON')
        if not memory:
            cursor.execute('PRAGMA journal_mode = WAL')
            cursor.execute('PRAGMA synchronous = NORMAL')
        cursor.close()
    return connect


def _sqlite_take_over_begin(tx):
    """Tell oslo.db's own listener that the transaction has begun, so that `_sqlite_begin` says how."""
    tx.info['in_transaction'] = True


def _sqlite_begin(tx):
    tx.exec_driver_sql('BEGIN IMMEDIATE' if tx.get_execution_options().get('nova_write') else 'BEGIN')
