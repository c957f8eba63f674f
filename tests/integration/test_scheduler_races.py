# SPDX-License-Identifier: Apache-2.0
"""Schedulers that decide at once, on MariaDB and PostgreSQL."""

import testtools

from tests.functional.scheduler.races import Races
from tests.integration.parts import Parts
from tests.unit.scheduler.cloud import Cloud

# One empty database for each test.
DATABASES = [f'nova{number}' for number in range(sum(name.startswith('test_') for name in dir(Races)))]


class MariaDBRacesTest(Races, testtools.TestCase):
    start = Parts.mariadb

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parts = Parts()
        cls.addClassCleanup(cls.parts.stop)
        cls.server = cls.start(cls.parts, *DATABASES)
        cls.left = list(DATABASES)

    def make_cloud(self):
        return Cloud(self.server.url(self.left.pop()))


class PostgreSQLRacesTest(MariaDBRacesTest):
    start = Parts.postgresql
