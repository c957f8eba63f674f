# SPDX-License-Identifier: Apache-2.0
"""Brings the schema up to date. Any number of these may run at once: one works, the others wait and find it done."""

import contextlib
import pathlib

import sqlalchemy as sa
from alembic import command, script
from alembic import config as alembic_config
from alembic.runtime.migration import MigrationContext

from nova_lite import migrations

VERSION_TABLE = 'placement_alembic_version'
# Any number will do that nobody else locks.
_LOCK = 0x706C61636D
_PATIENCE_SECONDS = 3600


def upgrade(database, revision='head'):
    """Run the scripts that are missing. Raises alembic's and oslo.db's errors."""
    _run(database, lambda config: command.upgrade(config, revision))


def stamp(database, revision):
    """Say that the schema is at this revision, without running anything."""
    _run(database, lambda config: command.stamp(config, revision))


def version(database):
    """The revision that the schema is at, None for an empty database."""
    with database.connect() as conn:
        return MigrationContext.configure(conn, opts={'version_table': VERSION_TABLE}).get_current_revision()


def head():
    """The revision that this version of the code needs."""
    return script.ScriptDirectory.from_config(_config()).get_current_head()


def _config():
    config = alembic_config.Config()
    config.set_main_option('script_location', str(pathlib.Path(migrations.__path__[0]) / 'placement'))
    return config


def _run(database, step):
    config = _config()
    with database.connect() as conn, _alone(conn, database.backend):
        config.attributes['connection'] = conn
        config.attributes['version_table'] = VERSION_TABLE
        step(config)
        conn.commit()


@contextlib.contextmanager
def _alone(conn, backend):
    """Hold a lock of the database server. On SQLite the transaction itself is the lock, and undoes all of a failed
    step.
    """
    if backend == 'mysql':
        if conn.execute(sa.text(f"SELECT GET_LOCK('{VERSION_TABLE}', {_PATIENCE_SECONDS})")).scalar() != 1:
            raise TimeoutError('Another process has been changing the schema for an hour.')
    elif backend == 'postgresql':
        conn.execute(sa.text(f'SELECT pg_advisory_xact_lock({_LOCK})'))
    else:
        conn.begin()
    try:
        yield
    finally:
        if backend == 'mysql':
            conn.execute(sa.text(f"SELECT RELEASE_LOCK('{VERSION_TABLE}')"))
