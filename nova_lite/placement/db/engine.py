# SPDX-License-Identifier: Apache-2.0
"""Connections and transactions. Knows the three databases' ways to lock and to fail; knows no table.

Reads see one moment (REPEATABLE READ). Writes see the latest commit in each statement (READ COMMITTED) and lock what
they decide on; on SQLite a write takes the database's one write lock first (BEGIN IMMEDIATE).
"""

import contextlib
import functools
import logging
import os
import random
import threading
import time
import weakref

import sqlalchemy as sa
from oslo_db import exception as db_exc
from oslo_db.sqlalchemy import exc_filters

from nova_lite.placement import errors
from nova_lite.placement.db import changes

LOG = logging.getLogger(__name__)
# SQLite's own wait for the write lock; writers of this process queue on a lock of ours before that.
BUSY_SECONDS = 60


class Database:
    """One database, as one process sees it. Nothing connects before the first use: it may be made before a fork."""

    def __init__(self, options):
        """`options` is the group `[placement_database]`."""
        self._options = options
        if not options.connection:
            raise errors.Unavailable('There is no database: set [placement_database] connection.')
        url = sa.make_url(options.connection)
        if options.connection_parameters:
            url = url.update_query_string(options.connection_parameters, append=True)
        if url.get_backend_name() == 'sqlite' and not url.database:
            raise errors.Unavailable('A database in memory cannot be shared by threads; name a file in '
                                     '[placement_database] connection.')
        self.url = url
        self.backend = url.get_backend_name()
        sqlite = self.backend == 'sqlite'
        self._readers = self._engine(None if sqlite else 'REPEATABLE READ', 'BEGIN')
        self._writers = self._engine(None if sqlite else 'READ COMMITTED', 'BEGIN IMMEDIATE')
        self._watch_engine = self._engine('AUTOCOMMIT', None, pool_size=1)
        self._watch_lock = threading.Lock()
        self._watch = None
        self._lanes = changes.Lanes()
        self._write_lock = threading.Lock() if sqlite else contextlib.nullcontext()
        os.register_at_fork(after_in_child=functools.partial(_forget, weakref.ref(self)))

    def _engine(self, isolation, begin, pool_size=None):
        options = self._options
        url = self.url
        args = {'pool_recycle': options.connection_recycle_time, 'pool_use_lifo': True,
                'pool_size': options.max_pool_size if pool_size is None else pool_size,
                'max_overflow': options.max_overflow, 'pool_timeout': options.pool_timeout,
                # Every use ends with a commit or a rollback of its own: no need for another one on the way back.
                'pool_reset_on_return': None}
        if isolation:
            args['isolation_level'] = isolation
        if self.backend == 'mysql' and 'charset' not in url.query:
            url = url.update_query_dict({'charset': 'utf8mb4'})
        if self.backend == 'sqlite':
            args['poolclass'] = sa.pool.QueuePool
            args['connect_args'] = {'timeout': BUSY_SECONDS, 'check_same_thread': False}
        if options.connection_debug >= 50:
            args['echo'] = 'debug' if options.connection_debug == 100 else True
        engine = sa.create_engine(url, **args)
        exc_filters.register_engine(engine)
        if self.backend == 'sqlite':
            _tune_sqlite(engine, begin, options.sqlite_synchronous)
        elif self.backend == 'mysql' and options.mysql_sql_mode:
            sa.event.listen(engine, 'connect', lambda dbapi, record: _run(
                dbapi, 'SET SESSION sql_mode = %s', (options.mysql_sql_mode,)))
        return engine

    def close(self):
        """Give back every connection."""
        with self._watch_lock:
            self._drop_watch()
        for engine in (self._readers, self._writers, self._watch_engine):
            engine.dispose()

    def wait(self, stop=None):
        """Return when the database answers; raises the last error after `max_retries` tries, or when `stop` is set."""
        left = self._options.max_retries
        while True:
            try:
                with self._readers.connect():
                    return
            except db_exc.DBConnectionError as exc:
                if left == 0 or (stop is not None and stop.is_set()):
                    raise
                left -= 1
                LOG.warning('The database does not answer, next try in %s s: %s', self._options.retry_interval, exc)
                (stop or threading.Event()).wait(self._options.retry_interval)

    @contextlib.contextmanager
    def connect(self):
        """A connection for schema work: whoever uses it commits."""
        with self._writers.connect() as conn:
            yield conn

    def read(self, work):
        """What `work(conn)` returns, all of it from one moment of the database.

        A connection that was lost while idle is replaced once. Raises oslo.db's errors.
        """
        try:
            return self._read(work)
        except db_exc.DBConnectionError:
            return self._read(work)

    def _read(self, work):
        with self._readers.connect() as conn:
            return work(conn)

    def watch(self, statement):
        """The rows of one cheap statement, in one round trip: outside any transaction, on a connection of its own.

        `statement` is text, run by the driver itself: every read request runs it. Raises Unavailable.
        """
        with self._watch_lock:
            for attempt in (1, 2):
                try:
                    if self._watch is None:
                        self._watch = self._watch_engine.connect()
                    cursor = self._watch.connection.cursor()
                    try:
                        cursor.execute(statement)
                        return cursor.fetchall()
                    finally:
                        cursor.close()
                except (db_exc.DBError, self._watch_engine.dialect.loaded_dbapi.Error) as exc:
                    self._drop_watch()
                    if attempt == 2:
                        raise errors.Unavailable('The database does not answer.') from exc

    def _drop_watch(self):
        if self._watch is not None:
            self._watch.invalidate()
            self._watch.close()
            self._watch = None

    def write(self, work, retries=10, again_on_duplicate=False):
        """What `work(tx)` returns, committed. It runs again after a deadlock or a busy database, up to `retries` times,
        and with `again_on_duplicate` also after a row that another writer inserted first.

        Raises ConcurrentUpdate when the retries are used up, Unavailable when the connection broke during the commit
        (nobody knows then whether it happened), and whatever `work` raises, after a rollback.
        """
        for attempt in range(retries + 1):
            tx = None
            try:
                with self._write_lock, self._writers.connect() as conn, conn.begin():
                    tx = Transaction(conn, self.backend)
                    result = work(tx)
                    tx.record(self._lanes)
            except db_exc.DBConnectionError as exc:
                if tx is not None and tx.recorded:
                    raise errors.Unavailable('The database did not confirm the change.') from exc
                LOG.warning('Lost a connection to the database: %s', exc)
                if attempt >= min(retries, 1):
                    raise errors.Unavailable('The database does not answer.') from exc
            except db_exc.DBError as exc:
                if not _is_transient(exc) and not (again_on_duplicate and isinstance(exc, db_exc.DBDuplicateEntry)):
                    raise
                LOG.debug('The database refused a change for now: %s', exc)
                time.sleep(random.uniform(0, 0.002 * 2 ** min(attempt, 6)))
            else:
                tx.committed(self._lanes)
                return result
        raise errors.ConcurrentUpdate('Another thread concurrently updated the data. Please retry your update')


class Transaction:
    """A running write: its connection, and which providers it touches.

    What is named here reaches every worker's snapshot with the commit.
    """

    def __init__(self, conn, backend):
        self.conn = conn
        self.backend = backend
        self.now = int(time.time())
        self.recorded = False
        self._what = changes.What()
        self._lane = None

    def execute(self, statement, *args):
        return self.conn.execute(statement, *args)

    def changed(self, provider_ids):
        """Anything of these providers changed."""
        self._what.providers.update(provider_ids)

    def used(self, provider_ids):
        """Nothing but usage and generation of these providers changed."""
        self._what.usages.update(provider_ids)

    def renamed(self):
        """A trait or a class came, went or got another name."""
        self._what.names = True

    def record(self, lanes):
        if self._what:
            self._lane = lanes.record(self.conn, self._what, self.now)
        self.recorded = True

    def committed(self, lanes):
        if self._lane is not None:
            lanes.give_back(self._lane)


def import_driver(options):
    """Import what speaks to the database of `options`, if they name one. Raises SQLAlchemy's errors and ImportError."""
    if options.connection:
        sa.make_url(options.connection).get_dialect().import_dbapi()


def _forget(database):
    """In a forked child: the parent's connections are not ours to use or to close."""
    database = database()
    if database is not None:
        for engine in (database._readers, database._writers, database._watch_engine):
            engine.dispose(close=False)
        database._watch = None
        database._watch_lock = threading.Lock()
        database._lanes = changes.Lanes()
        if database.backend == 'sqlite':
            database._write_lock = threading.Lock()


def _tune_sqlite(engine, begin, synchronous):
    @sa.event.listens_for(engine, 'connect')
    def connect(dbapi, record):
        # The driver's own transactions are off: it would begin late, and a late write lock is a deadlock.
        dbapi.isolation_level = None
        _run(dbapi, 'PRAGMA journal_mode = WAL')
        _run(dbapi, f'PRAGMA synchronous = {"FULL" if synchronous else "OFF"}')
        _run(dbapi, 'PRAGMA foreign_keys = ON')

    if begin:
        @sa.event.listens_for(engine, 'begin')
        def start(conn):
            conn.exec_driver_sql(begin)


def _run(dbapi, statement, args=()):
    cursor = dbapi.cursor()
    try:
        cursor.execute(statement, args)
    finally:
        cursor.close()


def _is_transient(exc):
    if isinstance(exc, (db_exc.DBDeadlock, changes.LaneLost)):
        return True
    text = str(exc)
    return any(sign in text for sign in ('database is locked', 'could not serialize', 'Lock wait timeout',
                                         'Record has changed since last read'))
