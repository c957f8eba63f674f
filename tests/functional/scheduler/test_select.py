# SPDX-License-Identifier: Apache-2.0
"""Decisions with our own placement over HTTP: what the fake of the unit tests only claims to know."""

import tempfile

import msgspec
import testtools

from nova_lite import errors
from nova_lite.scheduler.claims import FIRST_GENERATION
from tests.functional.scheduler.real_placement import RealPlacement
from tests.unit.scheduler.cloud import FLAVOR, Cloud, node_uuid


class SelectTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.placement = RealPlacement(folder.name)
        self.addCleanup(self.placement.close)
        self.cloud = Cloud(placement=self.placement)
        self.addCleanup(self.cloud.close)

    def specs(self, **specs):
        return msgspec.structs.replace(FLAVOR, extra_specs={
            name.replace('__', ':'): value for name, value in specs.items()})

    def test_claim_and_generation(self):
        self.cloud.add_host('a')
        wish = self.cloud.new_server()
        chosen = self.cloud.select(wish).destination
        held = self.placement.allocations.show(wish.server_uuid)
        self.assertEqual(chosen.allocations, {uuid: each.resources for uuid, each in held.allocations.items()})
        self.assertEqual((FIRST_GENERATION, 'project', 'user', 'INSTANCE'),
                         (held.consumer_generation, held.project_id, held.user_id, held.consumer_type))
        again = self.cloud.select(wish).destination
        self.assertEqual((chosen.host, chosen.allocations), (again.host, again.allocations))
        self.assertEqual(FIRST_GENERATION + 1, self.placement.allocations.show(wish.server_uuid).consumer_generation)

    def test_removal_spares_what_was_taken_over(self):
        self.cloud.add_host('a')
        wish = self.cloud.new_server()
        self.cloud.select(wish)
        claims = self.cloud.parts().claims
        self.assertEqual(FIRST_GENERATION + 1, claims.take_over(wish, claims.earlier(wish)))
        self.assertFalse(claims.remove(wish, FIRST_GENERATION))
        self.assertTrue(self.placement.allocations.show(wish.server_uuid).allocations)
        self.assertTrue(claims.remove(wish, FIRST_GENERATION + 1))
        self.assertEqual({}, self.placement.allocations.show(wish.server_uuid).allocations)

    def test_full_host(self):
        self.cloud.add_host('a', vcpus=1)
        self.assertEqual('a', self.cloud.select(self.cloud.new_server()).destination.host)
        selection = self.cloud.select(self.cloud.new_server())
        self.assertIsNone(selection.destination)
        self.assertEqual('placement', selection.explanation.stages[0].stage)

    def test_traits_and_disabled_hosts(self):
        self.cloud.add_host('plain')
        self.cloud.add_host('fast', vcpus=2, traits=['CUSTOM_FAST'])
        self.cloud.add_host('off', vcpus=64, traits=['CUSTOM_FAST', 'COMPUTE_STATUS_DISABLED'])
        wish = self.cloud.new_server(self.specs(trait__CUSTOM_FAST='required'))
        self.assertEqual('fast', self.cloud.select(wish).destination.host)

    def test_what_placement_does_not_know_is_a_definite_no(self):
        self.cloud.add_host('a')
        for specs in ({'trait__CUSTOM_NOBODY': 'required'}, {'resources__CUSTOM_NOTHING': '1'}):
            selection = self.cloud.select(self.cloud.new_server(self.specs(**specs)))
            self.assertIsNone(selection.destination)
            self.assertIn('placement does not understand', selection.explanation.stages[0].reason)

    def test_granular_groups(self):
        self.cloud.add_host('a')
        uuid = self.cloud.add_host('b', vcpus=2)
        self.placement.providers.ensure('00000000-0000-0000-0000-00000000000c', 'card', parent=uuid)
        self.placement.add('00000000-0000-0000-0000-00000000000c', VGPU=2)
        wish = self.cloud.new_server(self.specs(resources1__VGPU='1'))
        chosen = self.cloud.select(wish).destination
        self.assertEqual('b', chosen.host)
        self.assertEqual({'VGPU': 1}, chosen.allocations['00000000-0000-0000-0000-00000000000c'])
        self.assertEqual('b', self.cloud.select(wish).destination.host)

    def test_zone_in_placement_and_not(self):
        self.cloud.add_host('a')
        self.cloud.add_host('b')
        made = self.cloud.aggregate('east', ['a'], availability_zone='east')
        self.assertEqual('a', self.cloud.select(self.cloud.new_server(availability_zone='east')).destination.host)
        provider = self.placement.providers.show(node_uuid('a'))
        self.placement.providers.set_aggregates(provider.uuid, [made.uuid], provider.generation)
        self.assertEqual('a', self.cloud.select(self.cloud.new_server(availability_zone='east')).destination.host)

    def test_requested_host(self):
        for name in ('a', 'b', 'c'):
            self.cloud.add_host(name)
        self.assertEqual('b', self.cloud.select(self.cloud.new_server(requested_host='b')).destination.host)

    def test_placement_away(self):
        self.cloud.add_host('a')
        wish = self.cloud.new_server()
        self.placement.close()
        self.assertRaises(errors.Unavailable, self.cloud.select, wish)
