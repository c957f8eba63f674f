# SPDX-License-Identifier: Apache-2.0
"""MariaDB or PostgreSQL killed in the middle of claims and started again: all sums and generations hold, and
placement-api goes on by itself.
"""

import time

from devstack import process
from devstack.errors import DevstackError
from tests.functional.placement import test_killed
from tests.integration import parts


class DatabaseKilled:
    """`start_part` names the part to start."""

    start_part = None

    def setUp(self):
        self.parts = parts.Parts()
        self.addCleanup(self.parts.stop)
        self.part = getattr(self.parts, self.start_part)('placement')
        super().setUp()

    def database_url(self):
        return self.part.url('placement')

    def test_database_killed_among_claims(self):
        self.start()
        self.fill()
        granted = []
        for _ in range(3):
            with self.claims(granted) as one_more:
                self.await_grants(one_more)
                self.assertTrue(process.kill(self.parts.layout, self.part.name))
                # More than the answers that are still on their way are then the new server's.
                while one_more.acquire(blocking=False):
                    pass
                self.start_part_again()
                self.await_grants(one_more)
            # The very same server, its workers and their snapshots.
            self.assertIsNone(self.process.poll())
            self.check(set(granted))

    def start_part_again(self):
        """PostgreSQL does not start while a process of the killed one has yet to notice."""
        deadline = time.monotonic() + 60
        while True:
            try:
                return self.part.start()
            except DevstackError:
                if time.monotonic() > deadline:
                    raise


@parts.deep
class MariaDB(DatabaseKilled, test_killed.ServerTest):
    start_part = 'mariadb'


@parts.deep
class PostgreSQL(DatabaseKilled, test_killed.ServerTest):
    start_part = 'postgresql'
