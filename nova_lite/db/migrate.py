# SPDX-License-Identifier: Apache-2.0
"""Brings a schema to its newest version with alembic, and says which version a database has.

Safe to run twice at once: the database itself lets one in (advisory locks; SQLite's write lock).
"""

import contextlib
import importlib.resources

import sqlalchemy as sa
from alembic import command, config, runtime, script

from nova_lite import migrations
from nova_lite.db.models import api, cell

SCHEMAS = {'api': api.metadata, 'cell': cell.metadata}
_LOCK_ID = {'api': 0x6E6C0001, 'cell': 0x6E6C0002}
_LOCK_SECONDS = 300


def sync(database, schema, revision='head'):
    """Upgrade `database` to `revision` of `schema` ('api' or 'cell'); nothing happens if it is there."""
    settings = _settings(schema)
    with database.engine.connect() as tx:
        tx = tx.execution_options(nova_write=True)
        with _locked(tx, schema), tx.begin():
            settings.attributes['connection'] = tx
            command.upgrade(settings, revision)


def version(database, schema):
    """The revision `database` has of `schema`, None when it was never synced."""
    with database.read() as tx:
        context = runtime.migration.MigrationContext.configure(
            tx, opts={'version_table': f'alembic_version_{schema}'})
        return context.get_current_revision()


def newest(schema):
    """The revision that this release works with."""
    return script.ScriptDirectory.from_config(_settings(schema)).get_current_head()


def versions(schema):
    """Every revision this release knows, oldest first."""
    return [found.revision for found in script.ScriptDirectory.from_config(_settings(schema)).walk_revisions()][::-1]


def _settings(schema):
    folder = importlib.resources.files(migrations) / schema
    settings = config.Config()
    settings.set_main_option('script_location', str(folder).replace('%', '%%'))
    settings.set_main_option('path_separator', 'os')
    settings.attributes['schema'] = schema
    settings.attributes['metadata'] = SCHEMAS[schema]
    return settings


@contextlib.contextmanager
def _locked(tx, schema):
    """One at a time, across machines. SQLite needs nothing: its transaction begins IMMEDIATE."""
    name, number = f'nova_lite_{schema}', _LOCK_ID[schema]
    dialect = tx.dialect.name
    if dialect in ('mysql', 'mariadb'):
        got = tx.execute(sa.text('SELECT GET_LOCK(:name, :seconds)'), {'name': name, 'seconds': _LOCK_SECONDS}).scalar()
        if got != 1:
            raise TimeoutError(f'Another schema upgrade of {schema} has held its lock for {_LOCK_SECONDS} s.')
        tx.commit()
    elif dialect == 'postgresql':
        tx.execute(sa.text('SELECT pg_advisory_lock(:number)'), {'number': number})
        tx.commit()
    try:
        yield
    finally:
        if dialect in ('mysql', 'mariadb'):
            tx.execute(sa.text('SELECT RELEASE_LOCK(:name)'), {'name': name})
            tx.commit()
        elif dialect == 'postgresql':
            tx.execute(sa.text('SELECT pg_advisory_unlock(:number)'), {'number': number})
            tx.commit()
