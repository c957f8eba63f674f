# SPDX-License-Identifier: Apache-2.0
"""The question to placement, from flavors, images and options."""

import pathlib
import sys
import tempfile

import msgspec
import testtools

from nova_lite import conf as conf_module
from nova_lite.messages.guests import Image
from nova_lite.scheduler import query, registry
from nova_lite.scheduler.request import Request
from tests.unit.scheduler.cloud import FLAVOR
from tests.unit.scheduler.test_filters import aggregate, host, request


class QueryTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.conf = conf_module.new(config_files=[], config_dirs=[])

    def ask(self, asked, **options):
        for name, value in options.items():
            self.conf.set_override(name, value, group='scheduler')
        made = query.of(asked)
        for each in registry.request_filters(self.conf):
            if each.concerns(asked):
                each.narrow(made, asked)
        return made.parameters(10)

    def flavored(self, **values):
        asked = request()
        specs = values.pop('extra_specs', {})
        flavor = msgspec.structs.replace(FLAVOR, extra_specs=specs, **values)
        return Request(wish=msgspec.structs.replace(asked.wish, flavor=flavor))

    def resources(self, **values):
        return dict(self.ask(self.flavored(**values))).get('resources')

    def test_amounts(self):
        self.assertEqual('DISK_GB:1,MEMORY_MB:512,VCPU:1', self.resources())
        self.assertEqual('DISK_GB:9,MEMORY_MB:512,VCPU:1', self.resources(ephemeral_gb=6, swap=1025))
        self.assertEqual('MEMORY_MB:512,VCPU:1', self.resources(root_gb=0))

    def test_root_disk_on_a_volume(self):
        asked = Request(wish=msgspec.structs.replace(request().wish, volume_backed=True))
        self.assertEqual('MEMORY_MB:512,VCPU:1', dict(self.ask(asked))['resources'])

    def test_overrides(self):
        self.assertEqual('CUSTOM_IRON:1', self.resources(extra_specs={
            'resources:VCPU': '0', 'resources:MEMORY_MB': '0', 'resources:DISK_GB': '0', 'resources:CUSTOM_IRON': '1'}))
        self.assertEqual('DISK_GB:1,MEMORY_MB:512,PCPU:1', self.resources(extra_specs={'hw:cpu_policy': 'dedicated'}))

    def test_groups(self):
        asked = dict(self.ask(self.flavored(extra_specs={
            'resources1:VGPU': '1', 'trait1:CUSTOM_FAST': 'required', 'resources_b:VGPU': '2',
            'trait_b:CUSTOM_SLOW': 'forbidden'})))
        self.assertEqual(
            ('VGPU:1', 'CUSTOM_FAST', 'VGPU:2', '!CUSTOM_SLOW', 'none'),
            tuple(asked[name] for name in ('resources1', 'required1', 'resources_b', 'required_b', 'group_policy')))
        asked = dict(self.ask(self.flavored(extra_specs={'resources1:VGPU': '1', 'group_policy': 'isolate'})))
        self.assertEqual('isolate', asked['group_policy'])

    def test_traits_of_flavor_and_image(self):
        asked = self.flavored(extra_specs={'trait:CUSTOM_A': 'required', 'trait:CUSTOM_B': 'forbidden',
                                           'trait:CUSTOM_C': 'nonsense'})
        image = Image(id='image', properties={'trait:CUSTOM_D': 'required'})
        asked = Request(wish=msgspec.structs.replace(asked.wish, image=image))
        self.assertEqual('CUSTOM_A,CUSTOM_D,!COMPUTE_STATUS_DISABLED,!CUSTOM_B', dict(self.ask(asked))['required'])

    def test_image_type(self):
        asked = request()
        image = Image(id='image', disk_format='qcow2', properties={'hw_disk_bus': 'virtio'})
        asked = Request(wish=msgspec.structs.replace(asked.wish, image=image))
        self.assertEqual('!COMPUTE_STATUS_DISABLED', dict(self.ask(asked))['required'])
        found = dict(self.ask(asked, query_placement_for_image_type_support=True, image_metadata_prefilter=True))
        self.assertEqual('COMPUTE_IMAGE_TYPE_QCOW2,COMPUTE_STORAGE_BUS_VIRTIO,!COMPUTE_STATUS_DISABLED',
                         found['required'])

    def test_features(self):
        asked = dict(self.ask(self.flavored(extra_specs={'hw:virtio_packed_ring': 'true'})))
        self.assertEqual('COMPUTE_NET_VIRTIO_PACKED,!COMPUTE_STATUS_DISABLED', asked['required'])

    def test_tenants(self):
        mine, other = aggregate(filter_tenant_id='project'), aggregate(filter_tenant_id='other')
        asked = Request(wish=request().wish, aggregates=(mine, other))
        self.assertNotIn('member_of', dict(self.ask(asked)))
        self.assertEqual('in:uuid', dict(self.ask(asked, limit_tenants_to_placement_aggregate=True))['member_of'])
        stage = registry.TenantAggregate(self.conf)
        self.assertIsNone(stage.reason_against(host(aggregates=(mine,)), asked))
        self.assertIsNotNone(stage.reason_against(host(aggregates=(other,)), asked))
        nobody = Request(wish=request().wish, aggregates=(other,))
        self.assertIsNone(stage.reason_against(host(), nobody))
        self.conf.set_override('placement_aggregate_required_for_tenants', True, group='scheduler')
        self.assertIsNotNone(stage.reason_against(host(), nobody))

    def test_isolated_aggregates(self):
        fast = aggregate(**{'trait:CUSTOM_FAST': 'required'})
        plain, wants = request(), request({'trait:CUSTOM_FAST': 'required'})
        stage = registry.IsolatedAggregates(self.conf)
        self.assertFalse(stage.concerns(plain))
        for asked, passes in ((plain, False), (wants, True)):
            asked = Request(wish=asked.wish, aggregates=(fast,))
            found = dict(self.ask(asked, enable_isolated_aggregate_filtering=True))
            self.assertEqual(None if passes else '!in:uuid', found.get('member_of'))
            self.assertEqual(passes, stage.reason_against(host(aggregates=(fast,)), asked) is None)
            self.assertIsNone(stage.reason_against(host(), asked))


class RegistryTest(testtools.TestCase):
    def test_options(self):
        conf = conf_module.new(config_files=[], config_dirs=[])
        self.assertEqual(conf.filter_scheduler.enabled_filters,
                         [type(each).__name__ for each in registry.filters(conf)])
        self.assertEqual(len(registry.WEIGHERS), len(registry.weighers(conf)))

    def test_unknown_filter(self):
        conf = conf_module.new(config_files=[], config_dirs=[])
        conf.set_override('enabled_filters', ['ComputeFilter', 'NoFilter'], group='filter_scheduler')
        error = self.assertRaises(registry.UnknownPart, registry.filters, conf)
        self.assertIn('NoFilter', str(error))

    def test_others_by_path(self):
        conf = conf_module.new(config_files=[], config_dirs=[])
        conf.set_override('available_filters', ['nova.scheduler.filters.all_filters',
                                                f'{__name__}.OwnFilter'], group='filter_scheduler')
        conf.set_override('enabled_filters', ['ComputeFilter', 'OwnFilter'], group='filter_scheduler')
        conf.set_override('weight_classes', ['nova.scheduler.weights.ram.RAMWeigher'], group='filter_scheduler')
        self.assertIsInstance(registry.filters(conf)[1], OwnFilter)
        self.assertEqual(['RAMWeigher'], [type(each).__name__ for each in registry.weighers(conf)])
        conf.set_override('weight_classes', ['no.such.Weigher'], group='filter_scheduler')
        self.assertRaises(registry.UnknownPart, registry.weighers, conf)

    def test_others_by_entry_point(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        info = pathlib.Path(folder.name, 'other-1.0.dist-info')
        info.mkdir()
        (info / 'METADATA').write_text('Metadata-Version: 2.1\nName: other\nVersion: 1.0\n')
        (info / 'entry_points.txt').write_text(
            f'[nova_lite.scheduler.filters]\nTheirFilter = {__name__}:OwnFilter\n'
            f'[nova_lite.scheduler.weighers]\nTheirWeigher = {__name__}:OwnWeigher\n')
        sys.path.insert(0, folder.name)
        self.addCleanup(sys.path.remove, folder.name)
        conf = conf_module.new(config_files=[], config_dirs=[])
        conf.set_override('enabled_filters', ['TheirFilter'], group='filter_scheduler')
        self.assertEqual([OwnFilter], [type(each) for each in registry.filters(conf)])
        self.assertIn(OwnWeigher, [type(each) for each in registry.weighers(conf)])


class OwnWeigher(registry.RAMWeigher):
    """A weigher of somebody else's."""


class OwnFilter(registry.AllHostsFilter):
    """A filter of somebody else's."""
