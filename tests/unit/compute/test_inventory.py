# SPDX-License-Identifier: Apache-2.0
"""What is written to placement, and what is left alone there."""

import tempfile
from pathlib import Path

import testtools

from nova_lite.clients import placement
from nova_lite.compute import inventory
from tests.unit.compute import parts

NODE = '11111111-2222-4333-8444-555555555555'


class Providers:
    """One provider in memory; `writes` counts what was written."""

    def __init__(self):
        self.name = None
        self.generation = 0
        self.held = {}
        self.present = []
        self.writes = []

    def ensure(self, uuid, name):
        self.name = name

    def inventories(self, uuid):
        return placement.Inventories(self.held, self.generation)

    def set_inventories(self, uuid, inventories, generation):
        self.held = inventories
        self._write('inventories')

    def traits(self, uuid):
        return placement.Traits(self.present, self.generation)

    def set_traits(self, uuid, traits, generation):
        self.present = traits
        self._write('traits')

    def _write(self, what):
        self.generation += 1
        self.writes.append(what)


class InventoryTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.providers = Providers()

    def make(self, **options):
        conf = parts.options(host='host-1', my_ip='192.0.2.1', **options)
        return inventory.Inventory(conf, parts.fake_driver(conf), self.providers, NODE)

    def test_first_time(self):
        facts = self.make().update()
        self.assertEqual('host-1', self.providers.name)
        self.assertEqual(
            placement.Inventory(total=800000, reserved=512, max_unit=800000, allocation_ratio=1.0),
            self.providers.held['MEMORY_MB'])
        self.assertEqual(4.0, self.providers.held['VCPU'].allocation_ratio)
        self.assertLessEqual({'COMPUTE_NODE', 'COMPUTE_IMAGE_TYPE_QCOW2'}, set(self.providers.present))
        self.assertEqual((NODE, 'host-1', '192.0.2.1', 1000, 4.0),
                         (facts.uuid, facts.host, facts.host_ip, facts.vcpus, facts.cpu_allocation_ratio))

    def test_writes_only_what_differs(self):
        made = self.make()
        made.update()
        made.update()
        self.assertEqual(['inventories', 'traits'], self.providers.writes)

    def test_an_operators_ratio_stays_unless_an_option_says_another(self):
        self.make().update()
        self.providers.held['VCPU'] = placement.Inventory(total=1000, max_unit=1000, allocation_ratio=2.0)
        self.assertEqual(2.0, self.make().update().cpu_allocation_ratio)
        self.assertEqual(8.0, self.make(cpu_allocation_ratio=8.0).update().cpu_allocation_ratio)

    def test_reserved(self):
        self.make(reserved_host_cpus=2, reserved_host_disk_mb=1500).update()
        self.assertEqual((2, 2), (self.providers.held['VCPU'].reserved, self.providers.held['DISK_GB'].reserved))

    def test_others_traits_stay_and_ours_go(self):
        self.providers.present = ['CUSTOM_GOLD', 'COMPUTE_STATUS_DISABLED', 'HW_CPU_X86_AVX', 'COMPUTE_VOLUME_EXTEND']
        self.make().update()
        self.assertLessEqual({'CUSTOM_GOLD', 'COMPUTE_STATUS_DISABLED'}, set(self.providers.present))
        self.assertEqual(set(), {'HW_CPU_X86_AVX', 'COMPUTE_VOLUME_EXTEND'} & set(self.providers.present))

    def test_identity(self):
        with tempfile.TemporaryDirectory() as folder:
            made = inventory.node_uuid(Path(folder) / 'new')
            self.assertEqual(made, inventory.node_uuid(Path(folder) / 'new'))
            (Path(folder) / 'compute_id').write_text('nonsense')
            self.assertRaises(inventory.IdentityInvalid, inventory.node_uuid, folder)
            (Path(folder) / 'compute_id').write_text(NODE + '\n')
            self.assertEqual(NODE, inventory.node_uuid(folder))
