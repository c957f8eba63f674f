# SPDX-License-Identifier: Apache-2.0
"""POST /servers."""

import base64
import concurrent.futures
import datetime
import logging

import sqlalchemy as sa
from oslo_db import exception as db_exc

from nova_lite.db import locations, quota_limits, quotas, server_groups, servers
from nova_lite.db.engine import DatabaseUnavailable
from tests.functional.api.server_base import EDGES, IMAGE, ServersTest


class ServerCreateTest(ServersTest):
    def everything(self):
        """Whether anything of a server is anywhere: (servers, locations, orders, usages)."""
        with self.cells.get().read() as tx:
            rows = tx.execute(servers.sa.select(servers.models.servers.c.uuid)).all()
            journal = tx.execute(servers.sa.select(servers.models.orders.c.id)).all()
        with self.cells.api.read() as tx:
            placed = tx.execute(locations.sa.select(locations.models.server_locations.c.server_uuid)).all()
            used = {name: amount for name, amount in quotas.usages(tx, 'p1').items() if amount}
        return len(rows), len(placed), len(journal), used

    def refused(self, status, name, text, **fields):
        version = fields.pop('version', '2.104')
        answer = self.api('POST', '/servers', self.body(version, **fields), version=version, user='user', project='p1',
                          status=status)
        found, message = self.fault(answer)
        self.assertEqual(name, found)
        self.assertIn(text, message)
        self.assertEqual((0, 0, 0, {}), self.everything())

    def test_every_version(self):
        for minor in EDGES:
            version = f'2.{minor}'
            answer = self.api('POST', '/servers', self.body(version), version=version, status=202)
            server = answer.json['server']
            self.assertEqual({'id', 'links', 'OS-DCF:diskConfig', 'security_groups', 'adminPass'}, set(server))
            self.assertEqual(12, len(server['adminPass']))
            self.assertEqual(server['links'][0]['href'], answer.headers['Location'])
            self.api('DELETE', f'/servers/{server["id"]}', version=version, status=204)
            self.cells.api.transact(locations.remove, server['id'])

    def test_rows(self):
        uuid = self.boot(
            metadata={'a': 'b'}, tags=['y', 'x'], description='what', user_data='aGVsbG8=', config_drive='true',
            accessIPv4='10.0.0.1', accessIPv6='fe80::1', hostname='me', trusted_image_certificates=['c1'],
            adminPass='secret', hints={'different_host': IMAGE, '_nova_check_type': 'x'}, availability_zone='nova')
        row = self.row(uuid)
        self.assertEqual(('building', 'scheduling', 1), (row.vm_state, row.task_state, row.fence))
        self.assertEqual(('what', 'me', True, '10.0.0.1', 'fe80::1', 'nova'),
                         (row.description, row.hostname, row.config_drive, row.access_ip_v4, row.access_ip_v6,
                          row.availability_zone))
        self.assertEqual(('m1.tiny', 'tiny', ['c1'], {'different_host': IMAGE}),
                         (row.flavor['name'], row.image['name'], row.trusted_certs, row.scheduler_hints))
        with self.cells.get().read() as tx:
            self.assertEqual({'a': 'b'}, servers.metadata(tx, [uuid])[uuid])
            self.assertEqual(['x', 'y'], servers.tags(tx, [uuid])[uuid])
        [order] = self.orders_of(uuid)
        self.assertEqual(('build', 'create', 'open', 1), (order.operation, order.action, order.state, order.fence))
        self.assertEqual('nova', order.input['availability_zone'])
        self.assertEqual({'token': 'user:p1', 'admin_password': 'secret'}, self.vault.open(order.secrets))
        self.assertEqual([('', order.id)], self.conductor.orders)
        with self.cells.api.read() as tx:
            self.assertEqual('ready', locations.get(tx, uuid).state)
            self.assertEqual({'instances': 1, 'cores': 1, 'ram': 64}, quotas.usages(tx, 'p1'))

    def test_several(self):
        answer = self.api('POST', '/servers', self.body(min_count=2, max_count='3', return_reservation_id=True),
                          user='user', project='p1', status=202)
        reservation = answer.json['reservation_id']
        found = self.api('GET', f'/servers?reservation_id={reservation}&sort_key=launch_index&sort_dir=asc',
                         user='user', project='p1', status=200).json['servers']
        self.assertEqual(['demo-1', 'demo-2', 'demo-3'], [server['name'] for server in found])
        self.assertEqual('demo-2', self.row(found[1]['id']).hostname)
        self.assertEqual(3, len(self.conductor.orders))

    def test_quota(self):
        with_limits = {'min_count': 1, 'max_count': 99, 'return_reservation_id': True}
        self.api('POST', '/servers', self.body(**with_limits), user='user', project='p1', status=202)
        self.assertEqual(10, self.everything()[0])
        answer = self.api('POST', '/servers', self.body(), user='user', project='p1', status=403)
        self.assertEqual(
            ('forbidden', 'Quota exceeded for instances: Requested 1, but already used 10 of 10 instances'),
            self.fault(answer))
        self.assertEqual(10, self.everything()[0])

    def test_quota_of_a_user(self):
        self.cells.api.transact(quota_limits.set_limits, 'p1', 'user', {'cores': 2})
        self.api('POST', '/servers', self.body(max_count=5), user='user', project='p1', status=202)
        self.assertEqual(2, self.everything()[0])
        answer = self.api('POST', '/servers', self.body(), user='user', project='p1', status=403)
        self.assertEqual('Quota exceeded for cores: Requested 1, but already used 2 of 2 cores', self.fault(answer)[1])
        self.api('POST', '/servers', self.body(), user='other', project='p1', status=202)

    def test_bus_away(self):
        self.conductor.broken = OSError('no bus')
        self.assertEqual('building', self.row(self.boot()).vm_state)

    def test_networks(self):
        self.boot(networks='auto')
        self.boot(version='2.36')
        self.boot(version='2.36', networks=[])
        self.boot(networks='none', security_groups=[{'name': 'default'}])

    def test_refused_fields(self):
        net = [{'uuid': IMAGE}]
        self.refused(400, 'badRequest', 'networks', networks=net)
        self.refused(400, 'badRequest', 'networks', networks=[{'port': IMAGE}], version='2.1')
        self.refused(400, 'badRequest', 'security_groups', security_groups=[{'name': 'web'}])
        self.refused(400, 'badRequest', 'block_device_mapping', block_device_mapping=[{'volume_id': IMAGE}])
        self.refused(400, 'badRequest', 'block_device_mapping_v2',
                     block_device_mapping_v2=[{'source_type': 'blank', 'destination_type': 'local'}])
        self.refused(400, 'badRequest', 'personality', version='2.56',
                     personality=[{'path': '/etc/motd', 'contents': 'aGVsbG8='}])

    def test_image_as_device(self):
        self.boot(block_device_mapping_v2=[{'source_type': 'image', 'uuid': IMAGE, 'destination_type': 'local',
                                            'boot_index': 0, 'delete_on_termination': True}])

    def test_refused_values(self):
        self.refused(400, 'badRequest', 'Missing imageRef', imageRef='')
        self.refused(400, 'badRequest', 'Can not find requested image', imageRef=IMAGE.replace('1', '9'))
        self.refused(400, 'badRequest', 'Flavor 9 could not be found.', flavorRef='9')
        self.refused(400, 'badRequest', 'Invalid key_name provided.', key_name='nokey')
        self.refused(400, 'badRequest', 'zone is not available', availability_zone='mars')
        self.refused(400, 'badRequest', 'Unable to parse', availability_zone='a:b:c:d')
        self.refused(403, 'forbidden', 'forced_host', availability_zone='nova:host1')
        self.refused(403, 'forbidden', 'requested_destination', host='host1')
        self.refused(400, 'badRequest', 'min_count must be <= max_count', min_count=3, max_count=2)
        self.refused(400, 'badRequest', 'single hostname', max_count=2, hostname='me')
        self.refused(400, 'badRequest', 'min_count', min_count='9' * 5000)
        self.refused(400, 'badRequest', 'user_data', user_data='a')

    def test_unfit_image(self):
        known = self.images.known
        self.images.known[IMAGE] = type(known[IMAGE])(id=IMAGE, status='queued')
        self.refused(400, 'badRequest', 'is not active')
        self.images.known[IMAGE] = type(known[IMAGE])(id=IMAGE, min_ram=65)
        self.refused(400, 'badRequest', "Flavor's memory is too small for requested image.")
        self.images.known[IMAGE] = type(known[IMAGE])(id=IMAGE, min_disk=2)
        self.refused(400, 'badRequest', 'smaller than the minimum size')
        self.images.known[IMAGE] = type(known[IMAGE])(id=IMAGE, size=2 ** 31)
        self.refused(400, 'badRequest', "Flavor's disk is too small for requested image.")

    def test_addresses(self):
        row = self.row(self.boot(accessIPv6='0000:0000:0000:0000:0000:FFFF:192.168.100.200'))
        self.assertEqual('::ffff:c0a8:64c8', row.access_ip_v6.replace('192.168.100.200', 'c0a8:64c8'))

    def test_names_that_a_database_takes_for_one(self):
        self.refused(400, 'badRequest', 'differ only in spaces', metadata={'a': '1', 'a ': '2'})
        self.refused(400, 'badRequest', 'differ only in spaces', tags=['a', 'a '])

    def test_places_for_admins(self):
        answer = self.api('POST', '/servers', self.body(availability_zone='nova:host1:host1'), status=202)
        [order] = self.orders_of(answer.json['server']['id'])
        self.assertEqual(('nova', 'host1', 'host1'), tuple(
            order.input[name] for name in ('availability_zone', 'force_host', 'force_node')))
        answer = self.api('POST', '/servers', self.body(host='host2'), status=202)
        self.assertEqual('host2', self.orders_of(answer.json['server']['id'])[0].input['requested_host'])
        answer = self.api('POST', '/servers', self.body(host='host9'), status=400)
        self.assertIn('Compute host host9 could not be found.', self.fault(answer)[1])
        self.api('POST', '/servers', self.body(host='host1', availability_zone='nova:host1'), status=400)


class UniqueNamesTest(ServersTest):
    CONFIG = {(None, 'osapi_compute_unique_server_name_scope'): 'project'}

    def test_taken(self):
        self.boot()
        answer = self.api('POST', '/servers', self.body(name='DEMO'), user='user', project='p1', status=409)
        self.assertEqual('conflictingRequest', self.fault(answer)[0])
        with self.cells.api.read() as tx:
            self.assertEqual(1, quotas.usages(tx, 'p1')['instances'])
        self.boot(project='p2')


class BrokenDatabasesTest(ServersTest):
    """What is left when a create fails half-way."""

    everything = ServerCreateTest.everything

    def post(self, status):
        return self.api('POST', '/servers', self.body(metadata={'a': 'b'}), user='user', project='p1', status=status)

    def on(self, engine, event, function):
        sa.event.listen(engine, event, function)
        self.addCleanup(sa.event.remove, engine, event, function)

    def test_refused_by_the_cell(self):
        def fail(connection, cursor, statement, *more):
            if statement.startswith('INSERT INTO orders'):
                raise ValueError('no such column')

        self.on(self.cells.get().engine, 'before_cursor_execute', fail)
        self.post(500)
        self.assertEqual((0, 0, 0, {}), self.everything())
        self.assertEqual([], self.conductor.orders)

    def test_cell_goes_away_at_the_commit(self):
        def fail(connection):
            if connection.get_execution_options().get('nova_write'):
                raise DatabaseUnavailable()

        self.on(self.cells.get().engine, 'commit', fail)
        self.post(503)
        self.assertEqual(1, self.everything()[1])
        with self.cells.api.read() as tx:
            [left] = locations.unconfirmed(tx, self.now + datetime.timedelta(days=1))
        self.assertEqual('creating', left.state)

    def test_a_cell_that_is_too_busy_leaves_nothing_behind(self):
        def lose(connection, cursor, statement, *more):
            if statement.startswith('INSERT INTO orders'):
                raise db_exc.DBDeadlock()

        self.on(self.cells.get().engine, 'before_cursor_execute', lose)
        self.post(503)
        self.assertEqual((0, 0, 0, {}), self.everything())

    def test_confirmed_later(self):
        def fail(connection, cursor, statement, *more):
            if statement.startswith('UPDATE server_locations'):
                raise ValueError()

        self.on(self.cells.api.engine, 'before_cursor_execute', fail)
        self.post(202)
        self.assertEqual((1, 1, 1), self.everything()[:3])
        self.assertEqual(1, len(self.conductor.orders))


class ConcurrentCreatesTest(ServersTest):
    CONFIG = {('quota', 'instances'): 7, ('quota', 'server_group_members'): 3}

    def statuses(self, body, count):
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            answers = [pool.submit(self.api, 'POST', '/servers', body, user='user', project='p1') for _ in range(count)]
            return sorted(answer.result().status_code for answer in answers)

    def test_quota_holds(self):
        self.assertEqual([202] * 7 + [403] * 5, self.statuses(self.body(), 12))
        with self.cells.api.read() as tx:
            self.assertEqual({'instances': 7, 'cores': 7, 'ram': 448}, quotas.usages(tx, 'p1'))

    def test_quota_of_a_user_holds(self):
        self.cells.api.transact(quota_limits.set_limits, 'p1', 'user', {'instances': 4})
        self.assertEqual([202] * 4 + [403] * 4, self.statuses(self.body(), 8))
        with self.cells.api.read() as tx:
            self.assertEqual(4, quotas.usages(tx, 'p1')['instances'])

    def test_group_quota_holds(self):
        group = self.cells.api.transact(
            server_groups.create, name='g', project_id='p1', user_id='user', policy='affinity', now=self.now)
        body = self.body() | {'os:scheduler_hints': {'group': group.uuid}}
        self.assertEqual([202] * 3 + [403] * 3, self.statuses(body, 6))
        with self.cells.api.read() as tx:
            self.assertEqual(3, len(server_groups.get(tx, group.uuid).members))
            self.assertEqual(3, quotas.usages(tx, 'p1')['instances'])


class SecretsTest(ServersTest):
    """Tokens, passwords and user data are in no log line, event or input of an order, also when something breaks."""

    USER_DATA = base64.b64encode(b'canary in a coal mine').decode()
    CANARIES = ('canary-password', 'canary:p1', USER_DATA)

    def setUp(self):
        super().setUp()
        self.lines = []
        handler = logging.Handler(logging.DEBUG)
        handler.setFormatter(logging.Formatter('%(message)s'))
        handler.emit = lambda record: self.lines.append(handler.format(record))
        root = logging.getLogger()
        level = root.level
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        self.addCleanup(root.setLevel, level)
        self.addCleanup(root.removeHandler, handler)

    def post(self, status, **fields):
        body = self.body(adminPass='canary-password', user_data=self.USER_DATA, **fields)
        answer = self.api('POST', '/servers', body, user='canary', project='p1', status=status)
        self.assert_silent(*self.lines)
        return answer

    def assert_silent(self, *texts):
        for text in texts:
            for canary in self.CANARIES:
                self.assertNotIn(canary, str(text))

    def test_made(self):
        uuid = self.post(202).json['server']['id']
        [order] = self.orders_of(uuid)
        self.assert_silent(order)
        actions = self.api('GET', f'/servers/{uuid}/os-instance-actions', status=200).json['instanceActions']
        self.assert_silent(actions)

    def test_refused(self):
        self.assert_silent(self.post(400, what='ever').text)
        self.assert_silent(self.post(400, flavorRef='9').text)

    def test_broken(self):
        def fail(connection, cursor, statement, *more):
            if statement.startswith('INSERT INTO servers'):
                cursor.execute('INSERT INTO nowhere VALUES (1)')

        sa.event.listen(self.cells.get().engine, 'before_cursor_execute', fail)
        self.addCleanup(sa.event.remove, self.cells.get().engine, 'before_cursor_execute', fail)
        self.assert_silent(self.post(500).text)
