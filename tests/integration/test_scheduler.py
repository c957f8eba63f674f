# SPDX-License-Identifier: Apache-2.0
"""The scheduler's queries, and schedulers that decide at once, on MariaDB and PostgreSQL."""

import tempfile

import testtools

from nova_lite.db.engine import Database
from tests.functional.scheduler.queries import Queries
from tests.functional.scheduler.races import Races
from tests.functional.scheduler.real_placement import RealPlacement
from tests.integration.parts import Parts
from tests.unit.scheduler.cloud import Cloud

# One empty database for each history.
HISTORIES = [f'nova{number}' for number in range(sum(name.startswith('test_') for name in dir(Races)))]


class _OnServer(testtools.TestCase):
    databases = ['nova']
    start = Parts.mariadb

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parts = Parts()
        cls.addClassCleanup(cls.parts.stop)
        cls.server = cls.start(cls.parts, *cls.databases)


class MariaDBQueriesTest(Queries, _OnServer):
    def make_database(self):
        database = Database(self.server.url('nova'))
        self.addCleanup(database.dispose)
        return database


class PostgreSQLQueriesTest(MariaDBQueriesTest):
    start = Parts.postgresql


class MariaDBRacesTest(Races, _OnServer):
    databases = HISTORIES + [f'{name}_placement' for name in HISTORIES]
    left = list(HISTORIES)

    def make_cloud(self):
        name = self.left.pop()
        return Cloud(self.server.url(name), self.make_placement(f'{name}_placement'))

    def make_placement(self, database):
        return None


class PostgreSQLRacesTest(MariaDBRacesTest):
    start = Parts.postgresql
    left = list(HISTORIES)


class MariaDBPlacementRacesTest(MariaDBRacesTest):
    left = list(HISTORIES)

    def make_placement(self, database):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        placement = RealPlacement(folder.name, self.server.url(database))
        self.addCleanup(placement.close)
        return placement


class PostgreSQLPlacementRacesTest(MariaDBPlacementRacesTest):
    start = Parts.postgresql
    left = list(HISTORIES)
