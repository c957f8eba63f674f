# SPDX-License-Identifier: Apache-2.0
"""The suite on SQLite files, as `nova-all` uses them."""

import sqlite3
import tempfile
import uuid

import sqlalchemy as sa
import testtools

from nova_lite import errors
from tests.functional.db import suite


class SQLite(testtools.TestCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def fresh(self):
        return f'sqlite:///{self.folder}/{uuid.uuid4().hex}.sqlite'


class Migrations(suite.Migrations, SQLite):
    pass


class Races(suite.Races, SQLite):
    def test_a_file_that_is_locked_is_tried_again_and_unavailable_in_the_end(self):
        database = self.synced()
        tries = []

        def locked(tx):
            tries.append(tx)
            raise sa.exc.OperationalError('PRAGMA', {}, sqlite3.OperationalError('database is locked'))

        self.assertRaises(errors.Unavailable, database.transact, locked)
        self.assertGreater(len(tries), 5)

        def read():
            with database.read() as tx:
                locked(tx)

        self.assertRaises(errors.Unavailable, read)
