# SPDX-License-Identifier: Apache-2.0
"""Every filter, on hosts and requests made by hand."""

import datetime
import json

import msgspec
import testtools

from nova_lite import conf as conf_module
from nova_lite.db.aggregates import Aggregate
from nova_lite.db.server_groups import Group
from nova_lite.messages.guests import Image
from nova_lite.messages.scheduling import Wish
from nova_lite.scheduler import registry
from nova_lite.scheduler.request import Request
from nova_lite.scheduler.snapshot import HostState
from tests.unit.scheduler.cloud import FLAVOR, KVM

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def aggregate(**metadata):
    return Aggregate(1, 'uuid', 'name', 0, NOW, None, ('h1',), metadata)


def host(name='h1', **values):
    facts = {'supported_instances': KVM, 'hypervisor_version': 6002003, 'hypervisor_type': 'QEMU',
             'host_ip': '192.0.2.7', 'cpu_info': {'arch': 'x86_64', 'features': ['avx', 'sse'],
                                                  'topology': {'cores': 4}}, **values.pop('facts', {})}
    return HostState(**{'host': name, 'node': name, 'uuid': f'uuid-{name}', 'facts': facts, **values})


def request(specs=None, properties=None, hints=None, image_id='image', **values):
    group, hinted = values.pop('group', None), values.pop('hinted', {})
    wish = Wish(order_id=1, attempt=1, fence=1, cell='', server_uuid='server', project_id='project', user_id='user',
                flavor=msgspec.structs.replace(FLAVOR, extra_specs=specs or {}),
                image=Image(id=image_id, properties=properties or {}), scheduler_hints=hints or {}, **values)
    return Request(wish=wish, group=group, hinted=hinted)


def group(policy, members, **rules):
    return Group(1, 'group', 'name', 'project', 'user', policy, rules, 0, NOW, members)


class FilterCase(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.conf = conf_module.new(config_files=[], config_dirs=[])

    def set(self, **options):
        for name, value in options.items():
            self.conf.set_override(name, value, group='filter_scheduler')

    def passes(self, name, state, asked):
        each = registry.FILTERS[name](self.conf)
        if not each.concerns(asked):
            return True
        reason = each.reason_against(state, asked)
        if reason is not None:
            self.assertIsInstance(reason, str)
            self.assertNotEqual('', reason)
        return reason is None


class ServiceTest(FilterCase):
    def test_compute(self):
        for values, expected in (
                ({}, True), ({'up': False}, False), ({'disabled': True}, False),
                ({'up': False, 'disabled': None, 'forced_down': None}, False),
                ({'up': False, 'forced_down': True}, False)):
            self.assertEqual(expected, self.passes('ComputeFilter', host(**values), request()), values)

    def test_all_hosts(self):
        self.assertTrue(self.passes('AllHostsFilter', host(up=False), request()))


class CapabilitiesTest(FilterCase):
    def test_capabilities(self):
        for specs, expected in (
                ({'capabilities:hypervisor_type': 'QEMU'}, True),
                ({'capabilities:hypervisor_type': 's== ironic'}, False),
                ({'hypervisor_type': 'QEMU'}, True), ({'hypervisor_type': 'ironic'}, False),
                ({'unknown_to_hosts': '1'}, True), ({'capabilities:unknown_to_hosts': '1'}, False),
                ({'hw:cpu_policy': 'shared'}, True),
                ({'capabilities:cpu_info:arch': 'x86_64'}, True), ({'capabilities:cpu_info:arch': 'arm'}, False),
                ({'capabilities:cpu_info:topology:cores': '>= 4'}, True),
                ({'capabilities:cpu_info:topology:cores': '>= 5'}, False),
                ({'capabilities:cpu_info:features': '<in> avx'}, True),
                ({'capabilities:cpu_info:features': '<all-in> avx sse'}, True),
                ({'capabilities:cpu_info:features': '<all-in> avx neon'}, False),
                ({'capabilities:free_ram_mb': '>= 1024'}, True), ({'capabilities:free_ram_mb': '>= 4096'}, False),
                ({'capabilities:cpu_info:arch:deeper': 'x'}, False)):
            found = self.passes('ComputeCapabilitiesFilter', host(free_ram_mb=2048), request(specs))
            self.assertEqual(expected, found, specs)


class ImageTest(FilterCase):
    def test_properties(self):
        for properties, expected in (
                ({}, True), ({'hw_architecture': 'x86_64'}, True), ({'hw_architecture': 'aarch64'}, False),
                ({'architecture': 'AMD64'}, True), ({'img_hv_type': 'kvm'}, True), ({'hypervisor_type': 'xen'}, False),
                ({'hw_vm_mode': 'hvm'}, True), ({'vm_mode': 'exe'}, False),
                ({'img_hv_requested_version': '>=6.2'}, True),
                ({'img_hv_requested_version': '>=6.0, <6.2'}, False),
                ({'hypervisor_version_requires': '==6.2.3'}, True),
                ({'img_hv_requested_version': 'nonsense'}, False)):
            self.assertEqual(expected, self.passes('ImagePropertiesFilter', host(), request(properties=properties)),
                             properties)

    def test_default_architecture(self):
        self.set(image_properties_default_architecture='aarch64')
        self.assertFalse(self.passes('ImagePropertiesFilter', host(), request()))
        self.assertTrue(self.passes('ImagePropertiesFilter', host(), request(properties={'architecture': 'x86_64'})))

    def test_host_that_says_nothing(self):
        silent = host(facts={'supported_instances': [], 'hypervisor_version': 0})
        self.assertTrue(self.passes('ImagePropertiesFilter', silent, request()))
        self.assertFalse(self.passes('ImagePropertiesFilter', silent, request(properties={'hw_vm_mode': 'hvm'})))

    def test_isolated(self):
        self.set(isolated_hosts=['h1'], isolated_images=['secret'])
        self.assertTrue(self.passes('IsolatedHostsFilter', host('h1'), request(image_id='secret')))
        self.assertFalse(self.passes('IsolatedHostsFilter', host('h2'), request(image_id='secret')))
        self.assertFalse(self.passes('IsolatedHostsFilter', host('h1'), request()))
        self.assertTrue(self.passes('IsolatedHostsFilter', host('h2'), request()))
        self.set(restrict_isolated_hosts_to_isolated_images=False)
        self.assertTrue(self.passes('IsolatedHostsFilter', host('h1'), request()))

    def test_aggregate_isolation(self):
        name = 'AggregateImagePropertiesIsolation'
        linux = host(aggregates=(aggregate(os_distro='debian, fedora'),))
        self.assertTrue(self.passes(name, linux, request(properties={'os_distro': 'fedora'})))
        self.assertFalse(self.passes(name, linux, request(properties={'os_distro': 'windows'})))
        self.assertTrue(self.passes(name, linux, request()))
        self.set(aggregate_image_properties_isolation_namespace='os')
        self.assertTrue(self.passes(name, linux, request(properties={'os_distro': 'windows'})))
        dotted = host(aggregates=(aggregate(**{'os.kind': 'a'}),))
        self.assertFalse(self.passes(name, dotted, request(properties={'os.kind': 'b'})))


class GroupTest(FilterCase):
    def test_affinity(self):
        name = 'ServerGroupAffinityFilter'
        asked = request(group=group('affinity', {'server': 'h9', 'other': 'h1', 'unplaced': None}))
        self.assertTrue(self.passes(name, host('h1'), asked))
        self.assertFalse(self.passes(name, host('h2'), asked))
        self.assertTrue(self.passes(name, host('h2'), request(group=group('affinity', {'other': None}))))
        self.assertTrue(self.passes(name, host('h2'), request(group=group('soft-affinity', {'other': 'h1'}))))
        self.assertTrue(self.passes(name, host('h2'), request()))

    def test_anti_affinity(self):
        name = 'ServerGroupAntiAffinityFilter'
        members = {'a': 'h1', 'b': 'h2', 'c': 'h2', 'server': 'h3'}
        asked = request(group=group('anti-affinity', members))
        self.assertEqual([False, False, True],
                         [self.passes(name, host(each), asked) for each in ('h1', 'h2', 'h3')])
        asked = request(group=group('anti-affinity', members, max_server_per_host=2))
        self.assertEqual([True, False, True],
                         [self.passes(name, host(each), asked) for each in ('h1', 'h2', 'h3')])

    def test_hints_name_servers(self):
        hinted = {'one': 'h1', 'two': 'h2', 'none': None}
        for hints, expected in (({'same_host': 'one'}, True), ({'same_host': ['two', 'one']}, True),
                                ({'same_host': ['two']}, False), ({'same_host': ['gone']}, False), ({}, True)):
            self.assertEqual(expected, self.passes('SameHostFilter', host('h1'), request(hints=hints, hinted=hinted)))
        for hints, expected in (({'different_host': 'one'}, False), ({'different_host': ['two']}, True),
                                ({'different_host': ['none', 'gone']}, True), ({}, True)):
            found = self.passes('DifferentHostFilter', host('h1'), request(hints=hints, hinted=hinted))
            self.assertEqual(expected, found, hints)

    def test_cidr(self):
        for hints, expected in (
                ({}, True), ({'build_near_host_ip': '192.0.2.200'}, True),
                ({'build_near_host_ip': '192.0.2.200', 'cidr': '/28'}, False),
                ({'build_near_host_ip': '198.51.100.1'}, False), ({'build_near_host_ip': '2001:db8::1'}, False),
                ({'build_near_host_ip': 'nonsense'}, False)):
            self.assertEqual(expected, self.passes('SimpleCIDRAffinityFilter', host(), request(hints=hints)), hints)


class CountsTest(FilterCase):
    def test_io_ops(self):
        self.set(max_io_ops_per_host=8)
        for name in ('IoOpsFilter', 'AggregateIoOpsFilter'):
            self.assertTrue(self.passes(name, host(io_ops=7), request()))
            self.assertFalse(self.passes(name, host(io_ops=8), request()))
        low = host(io_ops=3, aggregates=(aggregate(max_io_ops_per_host='5'), aggregate(max_io_ops_per_host='3')))
        self.assertTrue(self.passes('IoOpsFilter', low, request()))
        self.assertFalse(self.passes('AggregateIoOpsFilter', low, request()))
        odd = host(io_ops=3, aggregates=(aggregate(max_io_ops_per_host='many'),))
        self.assertTrue(self.passes('AggregateIoOpsFilter', odd, request()))

    def test_num_instances(self):
        self.set(max_instances_per_host=5)
        for name in ('NumInstancesFilter', 'AggregateNumInstancesFilter'):
            self.assertTrue(self.passes(name, host(servers=4), request()))
            self.assertFalse(self.passes(name, host(servers=5), request()))
        high = host(servers=9, aggregates=(aggregate(max_instances_per_host='10'),))
        self.assertTrue(self.passes('AggregateNumInstancesFilter', high, request()))


class AggregatesTest(FilterCase):
    def test_extra_specs(self):
        name = 'AggregateInstanceExtraSpecsFilter'
        ssd = host(aggregates=(aggregate(ssd='true', size='10'), aggregate(ssd='maybe')))
        for specs, expected in (
                ({}, True), ({'ssd': 'true'}, True), ({'aggregate_instance_extra_specs:ssd': 'maybe'}, True),
                ({'ssd': 'false'}, False), ({'gpu': 'true'}, False), ({'hw:whatever': 'x'}, True),
                ({'aggregate_instance_extra_specs:size': '>= 5'}, True), ({'ssd': '<or> no <or> true'}, True)):
            self.assertEqual(expected, self.passes(name, ssd, request(specs)), specs)

    def test_tenants(self):
        name = 'AggregateMultiTenancyIsolation'
        self.assertTrue(self.passes(name, host(), request()))
        self.assertTrue(self.passes(name, host(aggregates=(aggregate(filter_tenant_id='x, project'),)), request()))
        self.assertTrue(self.passes(name, host(aggregates=(
            aggregate(filter_tenant_id='x'), aggregate(filter_tenant_id2='project'))), request()))
        self.assertFalse(self.passes(name, host(aggregates=(aggregate(filter_tenant_id='x'),)), request()))

    def test_types(self):
        name = 'AggregateTypeAffinityFilter'
        self.assertTrue(self.passes(name, host(), request()))
        self.assertTrue(self.passes(name, host(aggregates=(aggregate(instance_type='a,m1.small'),)), request()))
        self.assertFalse(self.passes(name, host(aggregates=(aggregate(instance_type='a,b'),)), request()))


class JsonTest(FilterCase):
    def test_queries(self):
        state = host(free_ram_mb=1024, free_disk_gb=10)
        for query, expected in (
                (['>=', '$free_ram_mb', 1024], True), (['>', '$free_ram_mb', 1024], False),
                (['and', ['>=', '$free_ram_mb', 1], ['<', '$free_disk_mb', 1]], False),
                (['or', ['>=', '$free_ram_mb', 1], ['<', '$free_disk_mb', 1]], True),
                (['not', ['=', '$hypervisor_hostname', 'h1']], False), (['in', '$host', 'h1', 'h2'], True),
                (['=', '$cpu_info.arch', 'x86_64'], True), (['=', '$no_such_thing', 1], False), ([], True),
                (['unknown', 1], False), ('no list', False), (['>', '$host', 1], False)):
            asked = request(hints={'query': json.dumps(query)})
            self.assertEqual(expected, self.passes('JsonFilter', state, asked), query)

    def test_bad_queries_say_no(self):
        for text in ('{', '["and"', '[' * 1000 + ']' * 1000, '[[]]', '{}'):
            self.assertFalse(self.passes('JsonFilter', host(), request(hints={'query': text})), text)
        self.assertFalse(self.passes('JsonFilter', host(), request(hints={'query': {'=': 1}})))
        self.assertTrue(self.passes('JsonFilter', host(), request()))
