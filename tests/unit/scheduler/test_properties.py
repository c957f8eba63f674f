# SPDX-License-Identifier: Apache-2.0
"""What must hold of every decision, in clouds and histories made up by chance."""

import msgspec
import testtools
from hypothesis import given, settings
from hypothesis import strategies as st

from nova_lite import errors
from nova_lite.clients.placement import CONCURRENT_UPDATE
from nova_lite.db import server_groups
from nova_lite.messages.guests import Flavor
from nova_lite.messages.scheduling import Selection
from nova_lite.scheduler.filters.server_groups import breach
from tests.unit.scheduler.cloud import Cloud

HEALTHY, OFF, DOWN, FORCED, GONE = 'healthy', 'off', 'down', 'forced down', 'gone'

hosts = st.lists(st.tuples(st.sampled_from([HEALTHY] * 6 + [OFF, DOWN, FORCED, GONE]), st.integers(1, 8),
                           st.sampled_from([300, 1024, 4096])), min_size=1, max_size=3)
wishes = st.lists(st.fixed_dictionaries({
    'vcpus': st.integers(1, 2), 'memory_mb': st.sampled_from([1, 256, 512]),
    'excluded': st.sampled_from([(), (), (0,), (1, 2)]), 'member': st.sampled_from([True, True, False]),
    'requested': st.sampled_from([None] * 6 + [0, 1, 9]),
    'trouble': st.lists(st.sampled_from(['lost', 'cut', 'fine']), max_size=3),
}), min_size=2, max_size=6)


class PropertiesTest(testtools.TestCase):
    @settings(max_examples=30, deadline=None)
    @given(hosts, wishes, st.sampled_from(['affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity']))
    def test_every_decision(self, hosts, wishes, policy):
        cloud = Cloud()
        try:
            states = self._build(cloud, hosts)
            group = cloud.group(policy)
            for each in wishes:
                self._decide(cloud, states, group, each)
        finally:
            cloud.close()

    def _build(self, cloud, hosts):
        states = {}
        for number, (state, vcpus, memory_mb) in enumerate(hosts):
            name = f'h{number}'
            cloud.add_host(name, vcpus=vcpus, memory_mb=memory_mb, up=state != GONE)
            if state == DOWN:
                cloud.clock.advance(1000)
                for earlier, known in states.items():
                    if known not in (DOWN, GONE):
                        cloud.beat(earlier)
            if state == OFF:
                cloud.disable(name)
            if state == FORCED:
                cloud.force_down(name)
            states[name] = state
        return states

    def _decide(self, cloud, states, group, values):
        flavor = Flavor(id=1, flavorid='1', name='f', vcpus=values['vcpus'], memory_mb=values['memory_mb'], root_gb=0)
        excluded = [f'h{number}' for number in values['excluded']]
        requested = None if values['requested'] is None else f'h{values["requested"]}'
        wish = cloud.new_server(flavor, group=group if values['member'] else None, excluded_hosts=excluded,
                                requested_host=requested)
        before = cloud.members(group)
        selection = self._persist(cloud, wish, list(values['trouble']))
        self._check_room(cloud)
        chosen = selection.destination
        self.assertEqual(chosen is not None, wish.server_uuid in cloud.placement.held)
        if chosen is None:
            self.assertEqual(0, selection.explanation.stages[-1].after)
            return
        self.assertEqual(HEALTHY, states[chosen.host])
        self.assertNotIn(chosen.host, excluded)
        self.assertIn(requested, (None, chosen.host))
        held = cloud.placement.held[wish.server_uuid].allocations
        self.assertEqual(chosen.allocations, {uuid: given.resources for uuid, given in held.items()})
        if wish.group_uuid:
            self.assertEqual(chosen.host, cloud.members(group)[wish.server_uuid])
            found = cloud.cells.api.transact(lambda tx: _group_as(tx, group, before))
            self.assertIsNone(breach(found, wish.server_uuid, chosen.host))

    def _persist(self, cloud, wish, trouble) -> Selection:
        """Ask until there is an answer, while the first PUTs are lost, or cut off after their work."""
        put = cloud.placement.put

        def troubled(*args, **kwargs):
            kind = trouble.pop() if trouble else 'fine'
            if kind == 'lost':
                raise errors.Conflict('lost', code=CONCURRENT_UPDATE)
            put(*args, **kwargs)
            if kind == 'cut':
                raise errors.Unavailable('cut')
        cloud.placement.put = troubled
        try:
            for _ in range(20):
                try:
                    return cloud.select(wish)
                except errors.Unavailable:
                    continue
            raise AssertionError('never an answer')
        finally:
            cloud.placement.put = put

    def _check_room(self, cloud):
        for uuid, capacity in cloud.placement.capacity.items():
            for name, used in cloud.placement.used(uuid).items():
                self.assertLessEqual(used, capacity[name])


def _group_as(tx, uuid, members):
    return msgspec.structs.replace(server_groups.get(tx, uuid), members=members)
