# SPDX-License-Identifier: Apache-2.0
"""The queries on services, hosts, aggregates and server groups, on an SQLite file."""

import os
import tempfile

import testtools

from nova_lite.db.engine import Database
from tests.functional.scheduler.queries import Queries


class SqliteQueriesTest(Queries, testtools.TestCase):
    def make_database(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        database = Database('sqlite:///' + os.path.join(folder.name, 'nova.sqlite'))
        self.addCleanup(database.dispose)
        return database
