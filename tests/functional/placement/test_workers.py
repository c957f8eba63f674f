# SPDX-License-Identifier: Apache-2.0
"""Whatever one worker acknowledged, every other worker shows in its next answer."""

import sqlalchemy as sa

from nova_lite.placement.db import changes, tables
from tests.functional.placement.base import PlacementTest, claim_body, uid


class WorkersTest(PlacementTest):

    def setUp(self):
        super().setUp()
        self.other = self.worker()
        self.other('GET', '/resource_providers')
        self.provider(uid(1), inventories={'VCPU': {'total': 8}})

    def seen(self, path, **more):
        """The same answer from both workers."""
        mine, others = self.api('GET', path, **more), self.other('GET', path, **more)
        self.assertEqual(mine.json, others.json)
        return others.json

    def test_every_kind_of_change(self):
        path = f'/resource_providers/{uid(1)}'
        self.assertEqual(['VCPU'], list(self.seen(f'{path}/inventories')['inventories']))
        self.ok('PUT', '/resource_classes/CUSTOM_NEW')
        self.ok('PUT', '/traits/CUSTOM_NEW')
        self.ok('PUT', f'{path}/inventories/VCPU', {'total': 9, 'resource_provider_generation': 1})
        self.assertEqual(9, self.seen(f'{path}/inventories/VCPU')['total'])
        self.ok('POST', f'{path}/inventories', {'resource_class': 'CUSTOM_NEW', 'total': 3}, api=self.other)
        self.assertEqual({'VCPU': 0, 'CUSTOM_NEW': 0}, self.seen(f'{path}/usages')['usages'])
        self.ok('PUT', f'{path}/traits', {'resource_provider_generation': 3, 'traits': ['CUSTOM_NEW']})
        self.assertEqual(['CUSTOM_NEW'], self.seen(f'{path}/traits')['traits'])
        self.ok('PUT', f'{path}/aggregates', {'resource_provider_generation': 4, 'aggregates': [uid(99)]})
        self.assertEqual(1, len(self.seen(f'/resource_providers?member_of={uid(99)}')['resource_providers']))
        self.ok('PUT', f'/allocations/{uid(7)}', claim_body({uid(1): {'VCPU': 2, 'CUSTOM_NEW': 1}}))
        self.assertEqual({'VCPU': 2, 'CUSTOM_NEW': 1}, self.seen(f'{path}/usages')['usages'])
        candidates = self.seen('/allocation_candidates?resources=VCPU:1')
        self.assertEqual(2, candidates['provider_summaries'][uid(1)]['resources']['VCPU']['used'])
        self.ok('DELETE', f'/allocations/{uid(7)}', api=self.other)
        self.assertEqual({'VCPU': 0, 'CUSTOM_NEW': 0}, self.seen(f'{path}/usages')['usages'])
        self.ok('PUT', path, {'name': 'renamed'})
        self.assertEqual('renamed', self.seen(path)['name'])
        self.ok('DELETE', path)
        self.assertEqual([], self.seen('/resource_providers')['resource_providers'])

    def test_moved_trees(self):
        for number in (2, 3, 4):
            self.provider(uid(number), parent=uid(number - 1))
        self.provider(uid(5))
        self.ok('PUT', f'/resource_providers/{uid(3)}', {'name': 'moved', 'parent_provider_uuid': uid(5)})
        roots = {p['uuid']: p['root_provider_uuid'] for p in self.seen('/resource_providers')['resource_providers']}
        self.assertEqual({uid(1): uid(1), uid(2): uid(1), uid(3): uid(5), uid(4): uid(5), uid(5): uid(5)}, roots)
        self.ok('PUT', f'/resource_providers/{uid(3)}', {'name': 'moved', 'parent_provider_uuid': None}, api=self.other)
        self.assertEqual(uid(3), self.seen(f'/resource_providers/{uid(4)}')['root_provider_uuid'])

    def test_names_come_and_go(self):
        self.ok('PUT', '/traits/CUSTOM_T')
        self.assertEqual(200, self.other('GET', '/resource_providers?required=CUSTOM_T').status)
        self.ok('DELETE', '/traits/CUSTOM_T')
        self.assertEqual(400, self.other('GET', '/resource_providers?required=CUSTOM_T').status)
        self.ok('PUT', '/resource_classes/CUSTOM_C')
        self.ok('PUT', '/resource_classes/CUSTOM_C', {'name': 'CUSTOM_D'}, version='1.6')
        self.assertEqual(404, self.other('GET', '/resource_classes/CUSTOM_C').status)
        self.assertEqual(200, self.other('GET', '/resource_classes/CUSTOM_D').status)

    def test_a_reader_far_behind_loads_anew(self):
        for total in range(1, 6):
            self.ok('PUT', f'/resource_providers/{uid(1)}/inventories/VCPU', {
                'total': total, 'resource_provider_generation': total})
        self.service.database.write(lambda tx: tx.execute(sa.delete(tables.changes)))
        self.assertEqual(5, self.seen(f'/resource_providers/{uid(1)}/inventories/VCPU')['total'])

    def test_a_lane_removed_as_idle_is_replaced(self):
        self.service.database.write(lambda tx: tx.execute(sa.delete(tables.lanes)))
        self.ok('PUT', f'/resource_providers/{uid(1)}/inventories/VCPU', {
            'total': 5, 'resource_provider_generation': 1})
        self.assertEqual(5, self.seen(f'/resource_providers/{uid(1)}/inventories/VCPU')['total'])

    def test_idle_lanes_go_when_a_new_one_comes(self):
        old = sa.update(tables.lanes).values(touched_at=sa.literal(1))
        self.service.database.write(lambda tx: tx.execute(old))
        third = self.worker()
        third('PUT', '/traits/CUSTOM_THIRD')
        lanes = self.service.database.read(lambda conn: changes.vector(conn))
        self.assertEqual(1, len(lanes))
        self.assertEqual(204, self.other('GET', '/traits/CUSTOM_THIRD').status)
        self.ok('PUT', '/traits/CUSTOM_MORE')
        self.assertEqual(204, self.other('GET', '/traits/CUSTOM_MORE').status)

    def test_commits_out_of_order_are_all_seen(self):
        """A transaction that began first and commits last is noticed by a reader that has seen the later ones."""
        slow = self.other.application.service.database
        what = changes.What()
        what.providers.add(12345)
        lanes = changes.Lanes()
        before = self.service.database.read(changes.vector)
        fast_lane = self.service.database.write(lambda tx: lanes.record(tx.conn, what, tx.now))
        middle = self.service.database.read(changes.vector)
        slow.write(lambda tx: changes.Lanes().record(tx.conn, what, tx.now))
        after = self.service.database.read(changes.vector)
        self.assertNotEqual(before, middle)
        touched = self.service.database.read(lambda conn: changes.since(conn, middle, after))
        self.assertEqual({12345}, touched.providers)
        self.assertEqual(2, len(set(after) - set(before)))
        self.assertIn(fast_lane[0], after)
