# SPDX-License-Identifier: Apache-2.0
"""Column types and SQL functions that mean the same on SQLite, MariaDB and PostgreSQL."""

import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

# Microseconds matter: lists are paged and actions are ordered by time.
_DATETIME = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb')
_TEXT = sa.Text().with_variant(mysql.MEDIUMTEXT(), 'mysql', 'mariadb')

BigId = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
LongText = _TEXT


class Time(sa.types.TypeDecorator):
    """An aware UTC datetime, kept naive in UTC."""

    impl = _DATETIME
    cache_ok = True

    def process_bind_param(self, value, dialect):
        if value is not None and value.tzinfo is not None:
            value = value.astimezone(datetime.UTC).replace(tzinfo=None)
        return value

    def process_result_value(self, value, dialect):
        return value if value is None else value.replace(tzinfo=datetime.UTC)


class Json(sa.types.TypeDecorator):
    """Plain data (or a Struct on the way in) as JSON text."""

    impl = _TEXT
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value, dialect):
        return None if value is None else msgspec.json.decode(value)


class epoch(FunctionElement):
    """Seconds since 1970 by the database's clock: what leases, wake-up times and deadlines are measured with.

    SQLite has no server: `engine.py` registers `nova_epoch`, so that a simulation can bring its own clock.
    """

    type = sa.Double()
    inherit_cache = True


@compiles(epoch, 'sqlite')
def _epoch_sqlite(element, compiler, **kw):
    return 'nova_epoch()'


@compiles(epoch, 'mysql', 'mariadb')
def _epoch_mysql(element, compiler, **kw):
    return 'CAST(UNIX_TIMESTAMP(NOW(6)) AS DOUBLE)'


@compiles(epoch, 'postgresql')
def _epoch_postgresql(element, compiler, **kw):
    return 'EXTRACT(EPOCH FROM clock_timestamp())::double precision'


class json_text(FunctionElement):
    """Text inside a Json column: `json_text(column, 'properties', 'kernel_id')`; NULL where there is none."""

    type = sa.String()
    inherit_cache = True

    def __init__(self, column, *path):
        super().__init__(column, *(sa.literal_column(part) for part in path))


def _json_path(element):
    return '$.' + '.'.join(part.name for part in list(element.clauses)[1:])


@compiles(json_text, 'sqlite')
def _json_text_sqlite(element, compiler, **kw):
    return f"json_extract({compiler.process(list(element.clauses)[0], **kw)}, '{_json_path(element)}')"


@compiles(json_text, 'mysql', 'mariadb')
def _json_text_mysql(element, compiler, **kw):
    return f"json_value({compiler.process(list(element.clauses)[0], **kw)}, '{_json_path(element)}')"


@compiles(json_text, 'postgresql')
def _json_text_postgresql(element, compiler, **kw):
    path = _json_path(element)[2:].replace('.', ',')
    return f"(CAST({compiler.process(list(element.clauses)[0], **kw)} AS json) #>> '{{{path}}}')"
