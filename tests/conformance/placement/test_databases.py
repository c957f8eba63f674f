# SPDX-License-Identifier: Apache-2.0
"""What holds on SQLite holds on MariaDB and PostgreSQL: claims, workers, histories, the schema."""

import itertools

import hypothesis

from tests.functional.placement import test_histories, test_hostile, test_killed, test_migration, test_workers
from tests.functional.placement.base import PlacementTest
from tests.functional.placement.claims import ClaimsChecks
from tests.integration import parts

_servers = {}
_numbers = itertools.count()


def setUpModule():
    _servers['parts'] = parts.Parts()


def tearDownModule():
    _servers.pop('parts').stop()
    _servers.clear()


class OnMariaDB:
    """A fresh database for each test, on one server for the module."""

    BACKEND = 'mariadb'

    def database_url(self):
        if self.BACKEND not in _servers:
            _servers[self.BACKEND] = getattr(_servers['parts'], self.BACKEND)()
        name = f'placement_{next(_numbers)}'
        _servers[self.BACKEND].create(name)
        return _servers[self.BACKEND].url(name)


class OnPostgreSQL(OnMariaDB):
    BACKEND = 'postgresql'


class MariaDBClaimsTest(OnMariaDB, ClaimsChecks, PlacementTest):
    pass


class PostgreSQLClaimsTest(OnPostgreSQL, ClaimsChecks, PlacementTest):
    pass


class MariaDBWorkersTest(OnMariaDB, test_workers.WorkersTest):
    pass


class PostgreSQLWorkersTest(OnPostgreSQL, test_workers.WorkersTest):
    pass


class MariaDBHistoriesTest(OnMariaDB, test_histories.HistoriesTest):
    SETTINGS = hypothesis.settings(test_histories.SETTINGS, max_examples=15)


class PostgreSQLHistoriesTest(OnPostgreSQL, test_histories.HistoriesTest):
    SETTINGS = hypothesis.settings(test_histories.SETTINGS, max_examples=15)


class MariaDBMigrationTest(OnMariaDB, test_migration.MigrationTest):
    pass


class PostgreSQLMigrationTest(OnPostgreSQL, test_migration.MigrationTest):
    pass


class MariaDBHostileTest(OnMariaDB, test_hostile.HostileTest):
    pass


class PostgreSQLHostileTest(OnPostgreSQL, test_hostile.HostileTest):
    pass


class MariaDBKilledTest(OnMariaDB, test_killed.KilledTest):
    pass


class PostgreSQLKilledTest(OnPostgreSQL, test_killed.KilledTest):
    pass
