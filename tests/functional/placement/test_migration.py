# SPDX-License-Identifier: Apache-2.0
"""The schema: it comes to be once however often it is asked for, and it is what the code expects."""

import threading

import sqlalchemy as sa
from alembic import autogenerate
from alembic.runtime.migration import MigrationContext

from nova_lite.placement.db import migration, tables
from nova_lite.placement.db.engine import Database
from tests.functional.placement.base import PlacementTest


class MigrationTest(PlacementTest):

    def migrate(self):
        """Four at once, on an empty database."""
        failures = []

        def upgrade():
            database = Database(self.conf().placement_database)
            try:
                migration.upgrade(database)
            except Exception as exc:  # noqa: BLE001  whatever a thread raises is the test's failure
                failures.append(exc)
            finally:
                database.close()

        threads = [threading.Thread(target=upgrade) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual([], failures)

    def test_it_is_what_the_code_expects(self):
        with self.service.database.connect() as conn:
            context = MigrationContext.configure(conn, opts={'version_table': migration.VERSION_TABLE})
            self.assertEqual([], autogenerate.compare_metadata(context, tables.metadata))
        self.assertEqual(migration.head(), migration.version(self.service.database))

    def test_again_changes_nothing(self):
        self.ok('PUT', '/traits/CUSTOM_KEPT')
        migration.upgrade(self.service.database)
        self.assertEqual(204, self.api('GET', '/traits/CUSTOM_KEPT').status)

    def test_a_stopped_upgrade_is_finished(self):
        def undo(tx):
            tx.execute(sa.schema.DropTable(tables.changes))
            tx.execute(sa.delete(sa.table(migration.VERSION_TABLE)))
        self.service.database.write(undo)
        migration.upgrade(self.service.database)
        self.ok('PUT', '/traits/CUSTOM_NEW')

    def test_names_compare_byte_by_byte(self):
        for name in ('same', 'SAME', 'same ', 'sámé'):
            self.ok('POST', '/resource_providers', {'name': name})
        self.assertEqual(409, self.api('POST', '/resource_providers', {'name': 'same'}).status)
        found = self.ok('GET', '/resource_providers?name=SAME').json['resource_providers']
        self.assertEqual(['SAME'], [provider['name'] for provider in found])
