# SPDX-License-Identifier: Apache-2.0
"""The pipeline from a wish to a claim, against tables and a placement in memory."""

import msgspec
import testtools

from nova_lite import errors
from nova_lite.clients.placement import CONCURRENT_UPDATE
from nova_lite.db import orders
from nova_lite.scheduler.claims import Superseded
from tests.unit.scheduler.cloud import FLAVOR, Cloud, node_uuid


class SelectTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.cloud = Cloud()
        self.addCleanup(self.cloud.close)

    def test_picks_the_emptiest_and_claims_it(self):
        self.cloud.add_host('small', vcpus=2, memory_mb=1024)
        self.cloud.add_host('large', vcpus=16, memory_mb=65536)
        wish = self.cloud.new_server()
        chosen = self.cloud.select(wish).destination
        self.assertEqual(('large', 'large', node_uuid('large')), (chosen.host, chosen.node, chosen.node_uuid))
        amounts = {'VCPU': 1, 'MEMORY_MB': 512, 'DISK_GB': 1}
        self.assertEqual({node_uuid('large'): amounts}, chosen.allocations)
        self.assertEqual(amounts, self.cloud.placement.used(node_uuid('large')))
        self.assertEqual('large', chosen.explanation.chosen)

    def test_same_wish_twice_is_one_claim(self):
        for name in ('a', 'b', 'c'):
            self.cloud.add_host(name)
        wish = self.cloud.new_server()
        first, second = self.cloud.select(wish), self.cloud.select(wish)
        self.assertEqual(first.destination.host, second.destination.host)
        self.assertEqual(first.destination.allocations, second.destination.allocations)
        self.assertEqual(1, len(self.cloud.placement.held))

    def test_next_attempt_drops_a_claim_on_an_excluded_host(self):
        self.cloud.add_host('a')
        self.cloud.add_host('b')
        wish = self.cloud.new_server()
        first = self.cloud.select(wish).destination.host
        again = msgspec.structs.replace(wish, attempt=2, excluded_hosts=[first])
        second = self.cloud.select(again).destination.host
        self.assertEqual({'a', 'b'}, {first, second})
        self.assertEqual({node_uuid(second)}, set(self.cloud.placement.show(wish.server_uuid).allocations))

    def test_earlier_claim_on_a_host_that_is_down_now_is_dropped(self):
        self.cloud.add_host('a')
        wish = self.cloud.new_server()
        self.cloud.select(wish)
        self.cloud.add_host('b')
        self.cloud.force_down('a')
        self.assertEqual('b', self.cloud.select(wish).destination.host)

    def test_no_host_is_a_definite_no_with_every_stage(self):
        self.cloud.add_host('down', up=False)
        self.cloud.add_host('off')
        self.cloud.disable('off')
        self.cloud.add_host('forced')
        self.cloud.force_down('forced')
        self.cloud.add_host('failed')
        selection = self.cloud.select(self.cloud.new_server(excluded_hosts=['failed']))
        self.assertIsNone(selection.destination)
        stages = {stage.stage: stage for stage in selection.explanation.stages}
        self.assertEqual((4, 4), (stages['placement'].before, stages['placement'].after))
        self.assertEqual((4, 3, ['failed']), (stages['excluded hosts'].before, stages['excluded hosts'].after,
                                              stages['excluded hosts'].hosts))
        compute = stages['ComputeFilter']
        self.assertEqual((3, 0, ['down', 'forced', 'off']), (compute.before, compute.after, compute.hosts))
        for reason in ('has no nova-compute service (1)', 'service is disabled (1)', 'service is forced down (1)'):
            self.assertIn(reason, compute.reason)
        self.assertEqual({}, self.cloud.placement.held)

    def test_nothing_from_placement_is_a_definite_no(self):
        self.cloud.add_host('a', vcpus=0)
        selection = self.cloud.select(self.cloud.new_server())
        self.assertIsNone(selection.destination)
        self.assertIn('VCPU:1', selection.explanation.stages[0].reason)

    def test_placement_that_does_not_answer_is_not_a_no(self):
        self.cloud.add_host('a')

        def away(query):
            raise errors.Unavailable('placement is away')
        self.cloud.placement.candidates = away
        self.assertRaises(errors.Unavailable, self.cloud.select, self.cloud.new_server())

    def test_a_claim_of_unknown_outcome_is_found_again(self):
        self.cloud.add_host('a')
        self.cloud.add_host('b')
        wish, placement = self.cloud.new_server(), self.cloud.placement
        real_put = placement.put

        def cut(*args, **kwargs):
            real_put(*args, **kwargs)
            placement.put = real_put
            raise errors.Unavailable('connection lost')
        placement.put = cut
        self.assertRaises(errors.Unavailable, self.cloud.select, wish)
        (held,) = placement.held.values()
        chosen = self.cloud.select(wish).destination
        self.assertEqual(set(held.allocations), {chosen.node_uuid})
        self.assertEqual(1, len(placement.held))

    def test_a_lost_claim_goes_to_the_next_host(self):
        self.cloud.add_host('a')
        self.cloud.add_host('b', vcpus=16)
        lost = []

        def lose_first(consumer):
            if not lost:
                lost.append(consumer)
                raise errors.Conflict('lost', code=CONCURRENT_UPDATE)
        self.cloud.placement.before_put = lose_first
        self.assertEqual('a', self.cloud.select(self.cloud.new_server()).destination.host)

    def test_losing_always_is_unavailable_not_a_no(self):
        self.cloud.add_host('a')

        def lose(consumer):
            raise errors.Conflict('lost', code=CONCURRENT_UPDATE)
        self.cloud.placement.before_put = lose
        self.assertRaises(errors.Unavailable, self.cloud.select, self.cloud.new_server())

    def test_superseded_order_is_refused_and_claims_nothing(self):
        self.cloud.add_host('a')
        wish = self.cloud.new_server()
        self.cloud.supersede(wish)
        self.assertRaises(Superseded, self.cloud.select, wish)
        self.assertEqual({}, self.cloud.placement.held)

    def test_order_superseded_during_the_claim_leaves_nothing(self):
        self.cloud.add_host('a')
        group = self.cloud.group('affinity')
        wish = self.cloud.new_server(group=group)
        self.cloud.placement.before_put = lambda consumer: self.cloud.supersede(wish)
        self.assertRaises(Superseded, self.cloud.select, wish)
        self.assertEqual({}, self.cloud.placement.held)
        self.assertEqual({wish.server_uuid: None}, self.cloud.members(group))

    def test_adopted_order_keeps_what_the_former_owner_claimed(self):
        """The former owner's scheduler comes late: it must not remove the claim that was taken over."""
        self.cloud.add_host('a')
        old = self.cloud.new_server()
        new = msgspec.structs.replace(old, fence=2)
        parts = self.cloud.parts()
        claimed = []
        real_settle = parts.claims.settle

        def settle(*args):
            with self.cloud.database.write() as tx:
                tx.execute(orders.models.orders.update().values(fence=2))
            claimed.append(self.cloud.select(new).destination)
            return real_settle(*args)
        parts.claims.settle = settle
        from nova_lite.scheduler.select import select
        self.assertRaises(Superseded, select, old, parts)
        self.assertEqual('a', claimed[0].host)
        self.assertEqual({old.server_uuid}, set(self.cloud.placement.held))

    def test_attempt_that_is_being_undone_claims_nothing(self):
        self.cloud.add_host('a')
        wish = self.cloud.new_server()
        with self.cloud.database.write() as tx:
            orders.insert_step(tx, deadline_after=60, order_id=wish.order_id, attempt=1, step='pick_destination',
                               undoing=True, state=orders.STARTED, started_at=self.cloud.clock.now())
        self.assertRaises(Superseded, self.cloud.select, wish)

    def test_forced_host_passes_no_filter(self):
        self.cloud.add_host('a')
        self.cloud.add_host('b')
        self.cloud.disable('b')
        self.assertEqual('b', self.cloud.select(self.cloud.new_server(force_host='b')).destination.host)

    def test_requested_host_passes_every_filter(self):
        self.cloud.add_host('a')
        self.cloud.add_host('b')
        self.assertEqual('b', self.cloud.select(self.cloud.new_server(requested_host='b')).destination.host)
        self.cloud.disable('b')
        self.assertIsNone(self.cloud.select(self.cloud.new_server(requested_host='b')).destination)

    def test_unknown_requested_host(self):
        self.cloud.add_host('a')
        selection = self.cloud.select(self.cloud.new_server(requested_host='nowhere'))
        self.assertIsNone(selection.destination)
        self.assertEqual('requested host', selection.explanation.stages[0].stage)

    def test_zone(self):
        for name in ('a', 'b', 'c'):
            self.cloud.add_host(name)
        self.cloud.aggregate('east', ['a'], availability_zone='east')
        self.assertEqual('a', self.cloud.select(self.cloud.new_server(availability_zone='east')).destination.host)
        chosen = self.cloud.select(self.cloud.new_server(availability_zone='nova')).destination.host
        self.assertIn(chosen, ('b', 'c'))
        self.assertIsNone(self.cloud.select(self.cloud.new_server(availability_zone='west')).destination)

    def test_zone_narrows_the_question_when_placement_knows_it(self):
        self.cloud.add_host('a')
        made = self.cloud.aggregate('east', ['a'], availability_zone='east')
        self.cloud.placement.member_of[node_uuid('a')] = {made.uuid}
        self.cloud.select(self.cloud.new_server(availability_zone='east'))
        self.assertEqual(1, len(self.cloud.placement.queries))
        self.assertIn(('member_of', f'in:{made.uuid}'), self.cloud.placement.queries[0])

    def test_filters_narrow_by_flavor_and_traits(self):
        self.cloud.add_host('plain')
        self.cloud.add_host('special', vcpus=4, traits=['CUSTOM_FAST'])
        flavor = msgspec.structs.replace(FLAVOR, extra_specs={'trait:CUSTOM_FAST': 'required'})
        self.assertEqual('special', self.cloud.select(self.cloud.new_server(flavor)).destination.host)

    def test_equal_hosts_take_turns(self):
        for number in range(4):
            self.cloud.add_host(f'h{number}', vcpus=100, memory_mb=100_000, local_gb=1000)
        chosen = [self.cloud.select(self.cloud.new_server()).destination.host for _ in range(40)]
        self.assertEqual({'h0': 10, 'h1': 10, 'h2': 10, 'h3': 10}, {name: chosen.count(name) for name in chosen})
