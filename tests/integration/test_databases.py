# SPDX-License-Identifier: Apache-2.0
"""MariaDB and PostgreSQL: migrations, races, and every test of the workflows on a real server of their own."""

import os
import subprocess
import sys
import tempfile
import uuid

import testtools

from tests.functional.db import suite
from tests.integration import parts

WORKFLOWS = 'tests/functional/workflows'


class Server(testtools.TestCase):
    """`start` names the part to start: one server for all tests of a class."""

    start = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parts = parts.Parts()
        cls.addClassCleanup(cls.parts.stop)
        cls.part = getattr(cls.parts, cls.start)('workflows')

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def fresh(self):
        name = f'db{uuid.uuid4().hex[:8]}'
        self.part.create(name)
        self.addCleanup(self.part.drop, name)
        return self.part.url(name)


class Workflows:
    """The laboratory's tests, which are SQLite's otherwise."""

    def test_workflows(self):
        done = subprocess.run(
            [sys.executable, '-m', 'testtools.run', 'discover', '-s', WORKFLOWS, '-t', '.'], cwd=parts.ROOT,
            env={**os.environ, 'NOVA_TEST_DB_URL': self.part.url('workflows')}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=1200)
        self.assertEqual(0, done.returncode, done.stdout[-20_000:])
        self.assertIn('\nOK', done.stdout)


class MariaDB(suite.Migrations, suite.Races, Workflows, Server):
    start = 'mariadb'


class PostgreSQL(suite.Migrations, suite.Races, Workflows, Server):
    start = 'postgresql'
