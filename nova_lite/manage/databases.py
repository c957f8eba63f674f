# SPDX-License-Identifier: Apache-2.0
"""nova-manage api_db and db: schemas brought up to date, and which version they have."""

from nova_lite import errors
from nova_lite.db import migrate
from nova_lite.manage.command import Command, argument, say

_VERSION = argument('version', metavar='VERSION', nargs='?', help='Stop at this version instead of the newest.')


class UnknownVersion(errors.Invalid):
    """No such version of the schema."""


def sync_api(cloud, version):
    """Bring the api database to its newest version, or the one given."""
    return _sync(cloud.cells.api, 'api', version)


def version_api(cloud):
    """The version of the api database's schema."""
    return say(str(migrate.version(cloud.cells.api, 'api')))


def sync_cells(cloud, local_cell, version):
    """Bring the database of `[database] connection` up to date, and those of further cells unless `local_cell`."""
    answer = _sync(cloud.cells.get(), 'cell', version)
    if local_cell or migrate.version(cloud.cells.api, 'api') is None:
        return answer
    for name, database in cloud.cells.items():
        if database is not cloud.cells.get():
            _sync(database, 'cell', version)
            answer = say(*answer.parts, f'Cell {name} too.')
    return answer


def version_cell(cloud):
    """The version of the cell database's schema."""
    return say(str(migrate.version(cloud.cells.get(), 'cell')))


def migrate_online(cloud, max_count):
    """Nothing: no release of ours has moved data between columns yet."""
    return say('There is no data to migrate.')


def _sync(database, schema, version):
    if version not in (None, 'head', *migrate.versions(schema)):
        raise UnknownVersion(f'The schema {schema!r} has no version {version!r}: it has '
                             f'{", ".join(migrate.versions(schema))}.')
    before = migrate.version(database, schema)
    migrate.sync(database, schema, version or 'head')
    after = migrate.version(database, schema)
    if before == after:
        return say(f'The schema {schema!r} is at version {after} already.')
    return say(f'The schema {schema!r} is at version {after} now.')


COMMANDS = (
    Command('api_db', 'sync', 'Bring the api database up to date.', sync_api, (_VERSION,)),
    Command('api_db', 'version', "Print the version of the api database's schema.", version_api),
    Command('db', 'sync', 'Bring the cell databases up to date.', sync_cells, (
        argument('--local_cell', action='store_true', help='Only the database of [database] connection.'), _VERSION)),
    Command('db', 'version', "Print the version of the cell database's schema.", version_cell),
    Command('db', 'online_data_migrations', 'Move data that a release needs elsewhere.', migrate_online, (
        argument('--max-count', metavar='<number>', type=int, help='Not needed: there is nothing to migrate.'),)),
)
