# SPDX-License-Identifier: Apache-2.0
"""The queries on services, hosts, aggregates and server groups: the same tests on any database."""

import concurrent.futures
import datetime
import threading

import msgspec

from nova_lite import states
from nova_lite.db import aggregates, hosts, orders, server_groups, servers, services
from nova_lite.db.models import api, cell
from nova_lite.messages.hosts import Heartbeat, HostFacts
from tests.fakes.database import empty

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(seconds=10)
ALWAYS = 10**9


def beat(host, binary='nova-compute', **values):
    return Heartbeat(host=host, binary=binary, topic=binary.removeprefix('nova-'), boot_id='boot', **values)


def facts(host, node=None, uuid=None, **values):
    node = node or host
    return HostFacts(host=host, node=node, uuid=uuid or f'uuid-{node}', hypervisor_type='QEMU', hypervisor_version=1,
                     host_ip='192.0.2.1', vcpus=4, memory_mb=1024, local_gb=10, **values)


class Queries:
    """Tests for a TestCase with `make_database()`: a Database to fill and empty."""

    def setUp(self):
        super().setUp()
        self.database = self.make_database()
        for metadata in (api.metadata, cell.metadata):
            metadata.create_all(self.database.engine)
            empty(self.database, metadata)

    def run_tx(self, function, *args, **kwargs):
        return self.database.transact(function, *args, **kwargs)

    def at_once(self, *functions):
        """What each function gives or raises, all begun together."""
        gate = threading.Barrier(len(functions), timeout=30)

        def one(function):
            gate.wait()
            return self.run_tx(function)
        with concurrent.futures.ThreadPoolExecutor(len(functions)) as pool:
            running = [pool.submit(one, function) for function in functions]
            return [each.exception(60) or each.result() for each in running]

    def test_heartbeat_inserts_then_updates(self):
        self.assertTrue(self.run_tx(services.heartbeat, beat('h'), NOW, disabled=True, disabled_reason='new'))
        (row,) = self.run_tx(services.list, down_after=ALWAYS)
        self.assertEqual(('h', 'nova-compute', 'compute', True, 'new', True, NOW),
                         (row.host, row.binary, row.topic, row.disabled, row.disabled_reason, row.up, row.created_at))
        self.assertFalse(self.run_tx(services.heartbeat, beat('h', version=7), LATER))
        again = self.run_tx(services.get, row.uuid, down_after=ALWAYS)
        self.assertEqual((7, True, NOW, LATER),
                         (again.version, again.disabled, again.created_at, again.last_seen_up))

    def test_first_heartbeats_at_once(self):
        outcomes = self.at_once(*[lambda tx: services.heartbeat(tx, beat('h'), NOW)] * 6)
        self.assertEqual([False] * 5 + [True], sorted(outcomes))

    def test_up(self):
        self.run_tx(services.heartbeat, beat('h'), NOW)
        (row,) = self.run_tx(services.list, down_after=60)
        self.assertIs(True, row.up)
        self.assertIs(False, self.run_tx(services.list, down_after=-1)[0].up)
        self.assertTrue(self.run_tx(services.set_forced_down, row.uuid, True, NOW))
        self.assertIs(False, self.run_tx(services.get_by_id, row.id, down_after=60).up)
        self.assertTrue(self.run_tx(services.set_forced_down, row.uuid, False, NOW))
        self.assertIs(True, self.run_tx(services.get_by_host, 'h', 'nova-compute', down_after=60).up)

    def test_service_changes_and_lists(self):
        for host, binary in (('h1', 'nova-compute'), ('h2', 'nova-compute'), ('h1', 'nova-conductor')):
            self.run_tx(services.heartbeat, beat(host, binary), NOW)
        found = self.run_tx(services.list, down_after=60, host='h1')
        self.assertEqual(['nova-compute', 'nova-conductor'], [row.binary for row in found])
        self.assertTrue(self.run_tx(services.set_disabled, found[0].uuid, True, 'why', LATER))
        (off,) = self.run_tx(services.list, down_after=60, disabled=True)
        self.assertEqual(('h1', 'why', LATER), (off.host, off.disabled_reason, off.updated_at))
        self.run_tx(services.set_disabled, off.uuid, False, 'ignored', LATER)
        self.assertIsNone(self.run_tx(services.get, off.uuid, down_after=60).disabled_reason)
        self.assertEqual(2, len(self.run_tx(services.list, down_after=60, binary='nova-compute')))
        self.assertFalse(self.run_tx(services.set_disabled, 'nobody', True, None, NOW))
        self.assertIsNone(self.run_tx(services.get, 'nobody', down_after=60))

    def test_delete_of_a_compute_takes_its_nodes(self):
        for host in ('h1', 'h2'):
            self.run_tx(services.heartbeat, beat(host), NOW)
            self.run_tx(hosts.upsert_facts, facts(host), NOW)
        row = self.run_tx(services.get_by_host, 'h1', 'nova-compute', down_after=60)
        self.assertTrue(self.run_tx(services.delete, row.uuid))
        self.assertEqual(['h2'], self.run_tx(hosts.names_of_hosts))
        self.assertFalse(self.run_tx(services.delete, row.uuid))

    def test_hosts(self):
        self.assertTrue(self.run_tx(hosts.upsert_facts, facts('h1', 'node%1'), NOW))
        self.assertFalse(self.run_tx(hosts.upsert_facts, facts('h1', 'node%1', memory_mb_used=5), LATER))
        self.run_tx(hosts.upsert_facts, facts('h1', 'node2'), NOW)
        self.run_tx(services.heartbeat, beat('h1'), NOW)
        self.run_tx(hosts.upsert_facts, facts('h3'), NOW)
        rows = self.run_tx(hosts.list, down_after=60)
        self.assertEqual([('node%1', True, False), ('node2', True, False), ('h3', False, None)],
                         [(row.node, row.up, row.disabled) for row in rows])
        self.assertEqual((5, 'uuid-node%1', NOW, LATER), (rows[0].facts['memory_mb_used'], rows[0].uuid,
                                                          rows[0].created_at, rows[0].updated_at))
        self.assertEqual(facts('h1', 'node%1', memory_mb_used=5), msgspec.convert(rows[0].facts, HostFacts))
        page = self.run_tx(hosts.list, down_after=60, after_id=rows[0].id, limit=1)
        self.assertEqual(['node2'], [row.node for row in page])
        self.assertEqual(['node%1'], [row.node for row in self.run_tx(hosts.search, 'e%', down_after=60)])
        self.assertEqual('h3', self.run_tx(hosts.get, 'uuid-h3', down_after=60).host)
        self.assertEqual('h3', self.run_tx(hosts.get_by_id, rows[2].id, down_after=60).host)
        self.assertEqual('uuid-node2', self.run_tx(hosts.get_by_node, 'h1', 'node2', down_after=60).uuid)
        self.assertEqual(['uuid-node2'], self.run_tx(hosts.uuids_of, hosts=['h1'], node='node2'))
        self.assertEqual(['h1', 'h3'], self.run_tx(hosts.names_of_hosts))
        self.assertTrue(self.run_tx(hosts.delete, 'uuid-h3'))
        self.assertEqual([], self.run_tx(hosts.list_for_choice, ['uuid-h3'], down_after=60))

    def test_renamed_hosts_are_refused(self):
        self.run_tx(hosts.upsert_facts, facts('h1'), NOW)
        for other in (facts('h1', uuid='other'), facts('h2', uuid='uuid-h1'), facts('h1', 'other', 'uuid-h1')):
            error = self.assertRaises(hosts.HostRenamed, self.run_tx, hosts.upsert_facts, other, NOW)
            self.assertIn('uuid-h1', str(error))
        self.assertEqual(1, len(self.run_tx(hosts.list, down_after=60)))

    def test_counts(self):
        def write(tx):
            for number, (host, vm_state, task, state, deleted) in enumerate((
                    ('h1', states.BUILDING, states.SPAWNING, orders.OPEN, False),
                    ('h1', states.ACTIVE, 'rebuilding', orders.OPEN, False),
                    ('h1', states.ACTIVE, states.REBOOTING, orders.OPEN, False),
                    ('h1', states.BUILDING, None, orders.FAILED, False),
                    ('h2', states.ACTIVE, None, orders.DONE, False), ('h2', states.DELETED, None, orders.DONE, True),
                    (None, states.BUILDING, states.SCHEDULING, orders.OPEN, False))):
                uuid = f'server{number}'
                servers.insert(tx, {
                    'uuid': uuid, 'project_id': 'p', 'user_id': 'u', 'display_name': 'x', 'hostname': 'x',
                    'vm_state': vm_state, 'task_state': task, 'host': host, 'flavorid': '1', 'flavor': {},
                    'created_at': NOW, 'deleted': deleted})
                for _ in range(2):
                    orders.insert(tx, server_uuid=uuid, operation='x', action='x', state=state, fence=1, input={},
                                  created_at=NOW)
        self.run_tx(write)
        self.assertEqual({'h1': 4, 'h2': 1}, self.run_tx(hosts.count_servers))
        self.assertEqual({'h2': 1}, self.run_tx(hosts.count_servers, ['h2', 'h9']))
        self.assertEqual({'h1': 2}, self.run_tx(hosts.count_io_ops))
        self.assertEqual({'server0': 'h1', 'server6': None},
                         self.run_tx(hosts.of_servers, ['server0', 'server5', 'server6', 'nobody']))

    def test_build_failures(self):
        def write(tx):
            order = orders.insert(tx, server_uuid='s', operation='x', action='x', state=orders.OPEN, fence=1, input={},
                                  created_at=NOW)
            for number, (host, step, state, undoing, when) in enumerate((
                    ('h1', 'start_guest', orders.REFUSED, False, NOW),
                    ('h1', 'start_guest', orders.STEP_DONE, False, NOW),
                    ('h1', 'start_guest', orders.REFUSED, False, NOW),
                    ('h1', 'start_guest', orders.REFUSED, False, NOW),
                    ('h2', 'start_guest', orders.REFUSED, False, NOW),
                    ('h2', 'start_guest', orders.STEP_DONE, False, NOW),
                    ('h3', 'start_guest', orders.REFUSED, True, NOW), ('h3', 'power_on', orders.REFUSED, False, NOW),
                    ('h4', 'start_guest', orders.REFUSED, False, NOW - datetime.timedelta(days=2)),
                    ('h5', 'start_guest', orders.REFUSED, False, NOW))):
                orders.insert_step(tx, deadline_after=60, order_id=order, attempt=number, step=step, undoing=undoing,
                                   state=state, host=host, started_at=when)
        self.run_tx(write)
        names = ['h1', 'h2', 'h3', 'h4']
        found = self.run_tx(hosts.count_build_failures, names, NOW - datetime.timedelta(days=1))
        self.assertEqual({'h1': 2}, found)

    def test_aggregates(self):
        made = self.run_tx(aggregates.create, 'a', NOW, availability_zone='east')
        self.assertEqual(('a', 'east', {'availability_zone': 'east'}, ()),
                         (made.name, made.zone, made.metadata, made.hosts))
        self.assertRaises(aggregates.AggregateExists, self.run_tx, aggregates.create, 'a', NOW)
        other = self.run_tx(aggregates.create, 'b', NOW)
        self.assertRaises(aggregates.AggregateExists, self.run_tx, aggregates.update, other.id, NOW, name='a')
        self.run_tx(aggregates.add_host, made.id, 'h2', NOW)
        made = self.run_tx(aggregates.add_host, made.id, 'h1', LATER)
        self.assertEqual((('h1', 'h2'), 2, LATER), (made.hosts, made.generation, made.updated_at))
        self.assertRaises(aggregates.HostInAggregate, self.run_tx, aggregates.add_host, made.id, 'h1', NOW)
        made = self.run_tx(aggregates.set_metadata, made.id, {'key': 'value', 'availability_zone': None}, NOW)
        self.assertEqual({'key': 'value'}, made.metadata)
        made = self.run_tx(aggregates.update, made.id, NOW, name='c', availability_zone='west')
        self.assertEqual(('c', 'west'), (made.name, made.zone))
        self.assertEqual(made, self.run_tx(aggregates.get_by_uuid, made.uuid))
        self.assertEqual([('c', ('h1', 'h2')), ('b', ())],
                         [(each.name, each.hosts) for each in self.run_tx(aggregates.list)])
        self.assertEqual([('c', (), {'availability_zone': 'west', 'key': 'value'}), ('b', (), {})],
                         [(each.name, each.hosts, each.metadata)
                          for each in self.run_tx(aggregates.list, with_hosts=False)])
        self.assertEqual({'h1': [made.id]}, self.run_tx(aggregates.ids_of_hosts, ['h1', 'h9']))
        self.assertEqual({'h1': 'west', 'h2': 'west'}, self.run_tx(aggregates.zones_of_hosts))
        self.assertEqual({'h1': 'west'}, self.run_tx(aggregates.zones_of_hosts, ['h1']))
        self.assertRaises(aggregates.AggregateInUse, self.run_tx, aggregates.delete, made.id)
        self.run_tx(aggregates.remove_host, made.id, 'h1', NOW)
        self.assertRaises(aggregates.HostNotInAggregate, self.run_tx, aggregates.remove_host, made.id, 'h1', NOW)
        self.run_tx(aggregates.forget_host, 'h2')
        self.run_tx(aggregates.delete, made.id)
        for call in (aggregates.get, aggregates.delete):
            self.assertRaises(aggregates.AggregateNotFound, self.run_tx, call, made.id)
        self.assertRaises(aggregates.AggregateNotFound, self.run_tx, aggregates.update, made.id, NOW, name='x')

    def test_a_host_is_in_one_zone(self):
        east = self.run_tx(aggregates.create, 'east', NOW, availability_zone='east')
        west = self.run_tx(aggregates.create, 'west', NOW, availability_zone='west')
        outcomes = self.at_once(lambda tx: aggregates.add_host(tx, east.id, 'h', NOW),
                                lambda tx: aggregates.add_host(tx, west.id, 'h', NOW))
        self.assertEqual(1, sum(isinstance(each, aggregates.ZoneConflict) for each in outcomes), outcomes)
        self.assertEqual(1, len(self.run_tx(aggregates.zones_of_hosts)))
        plain = self.run_tx(aggregates.create, 'plain', NOW)
        self.run_tx(aggregates.add_host, plain.id, 'h', NOW)
        self.assertRaises(aggregates.ZoneConflict, self.run_tx, aggregates.update, plain.id, NOW,
                          availability_zone='north')

    def test_zone_of_service(self):
        self.run_tx(services.heartbeat, beat('h1'), NOW)
        self.run_tx(services.heartbeat, beat('h1', 'nova-conductor'), NOW)
        compute, conductor = self.run_tx(services.list, down_after=60)
        names = {'default': 'nova', 'internal': 'internal'}
        self.assertEqual('east', aggregates.zone_of_service(compute, {'h1': 'east'}, **names))
        self.assertEqual('nova', aggregates.zone_of_service(compute, {}, **names))
        self.assertEqual('internal', aggregates.zone_of_service(conductor, {'h1': 'east'}, **names))

    def make_group(self, **values):
        return self.run_tx(server_groups.create, **{'name': 'g', 'project_id': 'p', 'user_id': 'u',
                                                    'policy': 'anti-affinity', 'now': NOW, **values})

    def test_server_groups(self):
        group = self.make_group(rules={'max_server_per_host': 3})
        self.make_group(project_id='q')
        self.run_tx(server_groups.add_member, group.uuid, 's1')
        self.run_tx(server_groups.add_member, group.uuid, 's1')
        group = self.run_tx(server_groups.get, group.uuid)
        self.assertEqual(({'s1': None}, {'max_server_per_host': 3}), (group.members, group.rules))
        self.assertEqual([group], self.run_tx(server_groups.list, project_id='p'))
        self.assertEqual(['q'], [each.project_id for each in self.run_tx(server_groups.list, limit=1, offset=1)])
        self.assertEqual(1, self.run_tx(server_groups.count, 'p'))
        self.assertEqual(group, self.run_tx(server_groups.get_of_server, 's1'))
        self.assertIsNone(self.run_tx(server_groups.get_of_server, 's2'))
        self.assertTrue(self.run_tx(server_groups.remove_member, 's1'))
        self.assertFalse(self.run_tx(server_groups.remove_member, 's1'))
        self.run_tx(server_groups.delete, group.uuid)
        for call in (server_groups.get, server_groups.delete):
            self.assertRaises(server_groups.GroupNotFound, self.run_tx, call, group.uuid)
        self.assertRaises(server_groups.GroupNotFound, self.run_tx, server_groups.add_member, group.uuid, 's')
        self.assertFalse(self.run_tx(server_groups.claim, group.uuid, group.generation, 's', 'h'))

    def test_claims(self):
        group = self.make_group()
        for server in ('s1', 's2'):
            self.run_tx(server_groups.add_member, group.uuid, server)
        group = self.run_tx(server_groups.get, group.uuid)
        self.assertTrue(self.run_tx(server_groups.claim, group.uuid, group.generation, 's1', 'h1'))
        self.assertFalse(self.run_tx(server_groups.claim, group.uuid, group.generation, 's2', 'h1'))
        after = self.run_tx(server_groups.get, group.uuid)
        self.assertEqual({'s1': 'h1', 's2': None}, after.members)
        self.assertEqual({'h1': 1}, after.hosts_of_others('s2'))
        self.assertEqual({}, after.hosts_of_others('s1'))
        self.assertFalse(self.run_tx(server_groups.release, 's1', host='h2'))
        self.assertTrue(self.run_tx(server_groups.release, 's1', host='h1'))
        self.assertFalse(self.run_tx(server_groups.release, 's1'))
        self.assertGreater(self.run_tx(server_groups.get, group.uuid).generation, after.generation)

    def test_of_many_claims_one_wins(self):
        group = self.make_group()
        claims = [lambda tx, n=n: server_groups.claim(tx, group.uuid, group.generation, f's{n}', 'h')
                  for n in range(8)]
        self.assertEqual([False] * 7 + [True], sorted(self.at_once(*claims)))
        self.assertEqual(1, len(self.run_tx(server_groups.get, group.uuid).members))
