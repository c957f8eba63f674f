# SPDX-License-Identifier: Apache-2.0
"""The suite on SQLite files, as `nova-all` uses them."""

import tempfile
import uuid

import testtools

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
    pass
