# SPDX-License-Identifier: Apache-2.0
"""What must hold on every kind of database: SQLite's, MariaDB's and PostgreSQL's tests give one to the classes here."""

import concurrent.futures
import datetime
import subprocess
import sys
import threading
import types
import uuid

import sqlalchemy as sa
from alembic import autogenerate
from alembic.runtime import migration
from oslo_db import exception as db_exc

from nova_lite import context, errors, states
from nova_lite.conductor.reconcilers import quota_usages
from nova_lite.db import cells, guests, locations, migrate, orders, quotas, servers
from nova_lite.db.engine import Database
from nova_lite.operations import at_once, begin

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
WHO = context.RequestContext(user_id='user', project_id='project')


def side_by_side(function, arguments):
    """Call `function` with each of `arguments` in threads of their own; what each returned, or the exception."""
    with concurrent.futures.ThreadPoolExecutor(len(arguments)) as pool:
        futures = [pool.submit(function, argument) for argument in arguments]
        return [future.exception() or future.result() for future in futures]


class DatabaseSuite:
    """`self.fresh()` gives the url of an empty database."""

    def open(self, url):
        database = Database(url)
        self.addCleanup(database.dispose)
        return database

    def synced(self):
        """A database with both schemas."""
        database = self.open(self.fresh())
        for schema in migrate.SCHEMAS:
            migrate.sync(database, schema)
        return database


class Migrations(DatabaseSuite):
    def test_the_models_are_what_the_scripts_make(self):
        database = self.synced()
        for schema, metadata in migrate.SCHEMAS.items():
            with database.read() as tx:
                found = migration.MigrationContext.configure(tx, opts={
                    'version_table': f'alembic_version_{schema}', 'compare_type': True,
                    'include_name': lambda name, kind, _, known=metadata: kind != 'table' or name in known.tables})
                self.assertEqual([], autogenerate.compare_metadata(found, metadata))

    def test_no_table_is_used_twice(self):
        self.assertEqual(set(), set(migrate.SCHEMAS['api'].tables) & set(migrate.SCHEMAS['cell'].tables))

    def test_two_processes_at_once(self):
        url = self.fresh()
        config = f'{self.folder}/nova.conf'
        with open(config, 'w') as file:
            file.write(f'[database]\nconnection = {url.replace("%", "%%")}\n')
        for words in (['api_db', 'sync'], ['db', 'sync']):
            command = [sys.executable, '-m', 'nova_lite.cmd.manage', '--config-file', config, *words]
            running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                       for _ in range(3)]
            said = [process.communicate(timeout=120)[0] for process in running]
            self.assertEqual([0, 0, 0], [process.returncode for process in running], said)
        database = self.open(url)
        for schema in migrate.SCHEMAS:
            self.assertEqual(migrate.newest(schema), migrate.version(database, schema))


class Races(DatabaseSuite):
    """Many at once: the database decides, and nobody is told two things."""

    def server(self, database, **columns):
        server = str(uuid.uuid4())
        database.transact(servers.insert, {
            'uuid': server, 'project_id': 'project', 'user_id': 'user', 'display_name': 'n', 'hostname': 'n',
            'vm_state': states.ACTIVE, 'host': 'host', 'launched_at': NOW, 'flavorid': '1', 'flavor': {},
            'created_at': NOW, **columns})
        return server

    def test_twenty_creates_and_room_for_ten(self):
        database = self.synced()
        limits = {'instances': 10, 'cores': -1, 'ram': 100_000}

        def create(number):
            database.transact(quotas.take, 'project', {'instances': 1, 'cores': 2, 'ram': 64}, limits)

        ends = side_by_side(create, range(20))
        refused = [end for end in ends if isinstance(end, quotas.QuotaExceeded)]
        self.assertEqual((10, 10), (ends.count(None), len(refused)), ends)
        self.assertEqual('Quota exceeded for instances: Requested 1, but already used 10 of 10 instances',
                         str(refused[0]))
        with database.read() as tx:
            self.assertEqual({'instances': 10, 'cores': 20, 'ram': 640}, quotas.usages(tx, 'project'))

    def test_many_deletes_give_back_once(self):
        database = self.synced()
        server = str(uuid.uuid4())
        database.transact(quotas.take, 'project', locations.counted(2, 64), {})
        database.transact(quotas.take, 'project', locations.counted(2, 64), {})
        database.transact(locations.insert, server_uuid=server, cell='', project_id='project', user_id='user', cores=2,
                          ram=64, now=NOW)
        ends = side_by_side(lambda _: database.transact(locations.remove, server), range(8))
        self.assertEqual((1, 7), (ends.count(True), ends.count(False)), ends)
        with database.read() as tx:
            self.assertEqual({'instances': 1, 'cores': 2, 'ram': 64}, quotas.usages(tx, 'project'))

    def test_only_one_exclusive_operation_begins(self):
        database = self.synced()
        server = self.server(database)
        ends = side_by_side(
            lambda _: database.transact(begin.begin, 'stop', server, context=WHO, now=NOW), range(8))
        self.assertEqual(1, len([end for end in ends if isinstance(end, int)]), ends)
        refused = [str(end) for end in ends if isinstance(end, begin.InvalidState)]
        self.assertEqual([f"Cannot 'stop' instance {server} while it is in task_state powering-off"] * 7, refused)

    def test_a_transaction_that_never_wins_is_unavailable(self):
        database = self.synced()

        def lose(tx):
            tries.append(tx)
            raise db_exc.DBDeadlock()

        tries = []
        self.assertRaises(errors.Unavailable, database.transact, lose)
        self.assertGreater(len(tries), 5)

    def test_every_delete_begins_and_one_is_left(self):
        database = self.synced()
        server = self.server(database)
        ends = side_by_side(
            lambda _: database.transact(begin.begin, 'delete', server, context=WHO, now=NOW), range(8))
        self.assertEqual(8, len({end for end in ends if isinstance(end, int)}), ends)
        with database.read() as tx:
            found = orders.of_server(tx, server)
            row = servers.get(tx, server)
        self.assertEqual(['open'] + ['superseded'] * 7, sorted(order.state for order in found))
        [left] = [order for order in found if order.state == 'open']
        self.assertEqual((8, 8), (row.fence, left.fence))

    def test_only_one_conductor_takes_an_order(self):
        database = self.synced()
        order = database.transact(begin.begin, 'stop', self.server(database), context=WHO, now=NOW)
        for number in range(8):
            database.transact(orders.register_conductor, f'c{number}', 'host', 1000)
        ends = side_by_side(lambda number: database.transact(orders.claim, order, f'c{number}'), range(8))
        [taken] = [end for end in ends if end is not None]
        self.assertEqual(1, taken.fence)

    def test_only_one_conductor_adopts_an_order(self):
        database = self.synced()
        server = self.server(database)
        order = database.transact(begin.begin, 'stop', server, context=WHO, now=NOW)
        database.transact(orders.claim, order, 'dead')
        for number in range(8):
            database.transact(orders.register_conductor, f'c{number}', 'host', 1000)
        ends = side_by_side(lambda number: database.transact(orders.claim, order, f'c{number}'), range(8))
        [adopted] = [end for end in ends if end is not None]
        with database.read() as tx:
            self.assertEqual((adopted.fence, adopted.owner), (servers.get(tx, server).fence,
                                                              orders.get(tx, order).owner))
        self.assertEqual(2, adopted.fence)

    def test_a_delete_and_an_adoption_at_once(self):
        database = self.synced()
        for _ in range(5):
            server = self.server(database)
            order = database.transact(begin.begin, 'stop', server, context=WHO, now=NOW)
            database.transact(orders.claim, order, 'dead')
            database.transact(orders.register_conductor, f'c{server}', 'host', 1000)
            ends = side_by_side(lambda do: do(), [
                lambda: database.transact(orders.claim, order, f'c{server}'),  # noqa: B023
                lambda: database.transact(begin.begin, 'delete', server, context=WHO, now=NOW)])  # noqa: B023
            self.assertIsInstance(ends[1], int)
            with database.read() as tx:
                found = orders.of_server(tx, server)
                self.assertEqual(['superseded', 'open'], [row.state for row in found])
                self.assertEqual(servers.get(tx, server).fence, found[1].fence)

    def test_reset_state_never_forgets_a_delete_that_begins_at_the_same_moment(self):
        database = self.synced()
        server = self.server(database)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            with database.write() as tx:
                begin.begin(tx, 'delete', server, context=WHO, now=NOW)
                waits = self.statement(database, ('UPDATE', 'BEGIN IMMEDIATE'))
                reset = pool.submit(
                    database.transact, at_once.reset_state, server, states.ERROR, context=WHO, now=NOW)
                self.assertTrue(waits.wait(30))
            reset.result(30)
        with database.read() as tx:
            row, [order] = servers.get(tx, server), orders.unfinished_of_server(tx, server)
        self.assertEqual(('delete', states.ERROR, states.DELETING),
                         (order.operation, row.vm_state, row.task_state))
        self.assertEqual(row.fence, order.fence)

    def test_usages_are_corrected_only_by_what_is_counted_at_the_same_moment(self):
        url = self.fresh()
        both = cells.Cells(url, url)
        self.addCleanup(both.dispose)
        for schema in migrate.SCHEMAS:
            migrate.sync(both.api, schema)
        database = both.api
        self.reserve(database)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            others = []

            def between(connection, cursor, statement, *rest):
                if statement.startswith('SELECT') and threading.current_thread() is threading.main_thread():
                    looks.append(statement)
                    if len(looks) == 3:
                        # The first one finds the projects; another server comes between the next two.
                        others.append(pool.submit(self.reserve, database))
                        concurrent.futures.wait(others, 0.5)

            looks = []
            sa.event.listen(database.engine, 'before_cursor_execute', between)
            quota_usages.mend(types.SimpleNamespace(cells=both))
            sa.event.remove(database.engine, 'before_cursor_execute', between)
            others[0].result(30)
        with database.read() as tx:
            self.assertEqual({'instances': 2, 'cores': 4, 'ram': 128}, quotas.usages(tx, 'project'))

    def reserve(self, database):
        """What nova-api does in the api database for a new server."""
        def write(tx):
            quotas.take(tx, 'project', locations.counted(2, 64), {})
            locations.insert(tx, server_uuid=str(uuid.uuid4()), cell='', project_id='project', user_id='user',
                             cores=2, ram=64, now=NOW)
        database.transact(write)

    def statement(self, database, beginnings):
        """An event that is set as soon as a statement that begins so is about to be executed."""
        seen = threading.Event()

        def note(connection, cursor, statement, *rest):
            if statement.startswith(beginnings):
                seen.set()

        sa.event.listen(database.engine, 'before_cursor_execute', note)
        return seen

    def test_the_first_words_about_a_guest_come_twice(self):
        database = self.synced()
        self.server(database, uuid='guest')
        ends = side_by_side(lambda number: database.transact(
            guests.record, 'guest', 'host', number, NOW, boot_id='b', sequence=number), range(8))
        self.assertEqual(set(), {end for end in ends if end not in (True, False)})
        with database.read() as tx:
            self.assertEqual(7, guests.get(tx, 'guest').power_state)

    def test_the_clock_of_the_database(self):
        database = self.synced()
        database.transact(orders.register_conductor, 'c', 'host', 100)
        with database.read() as tx:
            left = tx.execute(sa.select(orders.models.conductors.c.lease_until - orders.epoch())).scalar_one()
        self.assertTrue(95 < left <= 100, left)
        self.assertTrue(database.transact(orders.renew, 'c', -1))
        self.assertFalse(database.transact(orders.renew, 'c', 100))
