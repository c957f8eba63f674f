# SPDX-License-Identifier: Apache-2.0
"""Schedulers that decide at once: the same histories on any database and any placement.

A test class gives `make_cloud()`; `test_races.py` uses SQLite, the integration suite the servers.
"""

import concurrent.futures
import threading

from nova_lite import errors
from nova_lite.scheduler.select import select
from tests.unit.scheduler.cloud import node_uuid

SCHEDULERS = 2
# A peer that says "unknown" is asked again, as the conductor does.
PATIENCE = 20


class Races:
    """Tests for a TestCase with `make_cloud()`, which returns a Cloud (its `close` is called here)."""

    def setUp(self):
        super().setUp()
        self.cloud = self.make_cloud()
        self.addCleanup(self.cloud.close)
        self.schedulers = [self.cloud.parts(seed) for seed in range(SCHEDULERS)]

    def all_at_once(self, wishes):
        """server uuid -> Selection, every wish in a thread of its own, begun together."""
        gate = threading.Barrier(len(wishes), timeout=30)

        def one(number, wish):
            gate.wait()
            for _ in range(PATIENCE):
                try:
                    return select(wish, self.schedulers[number % SCHEDULERS])
                except errors.Unavailable as error:
                    last = error
            raise last
        with concurrent.futures.ThreadPoolExecutor(len(wishes)) as pool:
            running = {wish.server_uuid: pool.submit(one, number, wish) for number, wish in enumerate(wishes)}
            return {uuid: future.result(timeout=120) for uuid, future in running.items()}

    def hosts_of(self, selections):
        """server uuid -> host, of those that found one; each has its allocation there, and nobody else has any."""
        found = {uuid: each.destination.host for uuid, each in selections.items() if each.destination}
        held = {uuid: self.cloud.placement.allocations.show(uuid).allocations for uuid in selections}
        self.assertEqual({uuid: {node_uuid(host)} for uuid, host in found.items()},
                         {uuid: set(providers) for uuid, providers in held.items() if providers})
        return found

    def test_anti_affinity_members_never_meet(self):
        for number in range(6):
            self.cloud.add_host(f'h{number}', vcpus=64, memory_mb=65536, local_gb=1000)
        group = self.cloud.group('anti-affinity')
        found = self.hosts_of(self.all_at_once([self.cloud.new_server(group=group) for _ in range(6)]))
        self.assertEqual(sorted(f'h{number}' for number in range(6)), sorted(found.values()))
        self.assertEqual(found, self.cloud.members(group))

    def test_anti_affinity_without_room_for_all(self):
        for number in range(4):
            self.cloud.add_host(f'h{number}', vcpus=64, memory_mb=65536, local_gb=1000)
        group = self.cloud.group('anti-affinity', max_server_per_host=2)
        wishes = [self.cloud.new_server(group=group) for _ in range(11)]
        found = self.hosts_of(self.all_at_once(wishes))
        self.assertEqual({f'h{number}': 2 for number in range(4)},
                         {host: list(found.values()).count(host) for host in found.values()})
        self.assertEqual(found, {uuid: host for uuid, host in self.cloud.members(group).items() if host})

    def test_affinity_members_meet(self):
        for number in range(6):
            self.cloud.add_host(f'h{number}', vcpus=64, memory_mb=65536, local_gb=1000)
        group = self.cloud.group('affinity')
        found = self.hosts_of(self.all_at_once([self.cloud.new_server(group=group) for _ in range(8)]))
        self.assertEqual((8, 1), (len(found), len(set(found.values()))))
        self.assertEqual(found, self.cloud.members(group))

    def test_the_last_place_goes_to_one(self):
        for number in range(3):
            self.cloud.add_host(f'h{number}', vcpus=2, memory_mb=65536, local_gb=1000)
        selections = self.all_at_once([self.cloud.new_server() for _ in range(9)])
        found = self.hosts_of(selections)
        self.assertEqual({f'h{number}': 2 for number in range(3)},
                         {host: list(found.values()).count(host) for host in found.values()})
        self.assertEqual(3, sum(each.destination is None for each in selections.values()))

    def test_one_wish_asked_of_every_scheduler_is_one_claim(self):
        for number in range(4):
            self.cloud.add_host(f'h{number}', vcpus=64, memory_mb=65536, local_gb=1000)
        wish = self.cloud.new_server(group=self.cloud.group('anti-affinity'))
        answers = []
        gate = threading.Barrier(6, timeout=30)

        def one(number):
            gate.wait()
            for _ in range(PATIENCE):
                try:
                    answers.append(select(wish, self.schedulers[number % SCHEDULERS]).destination.host)
                    return
                except errors.Unavailable:
                    continue
            raise AssertionError('always unavailable')
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            for future in [pool.submit(one, number) for number in range(6)]:
                future.result(timeout=120)
        self.assertEqual(6, len(answers))
        self.assertEqual(1, len(set(answers)), answers)
        self.hosts_of({wish.server_uuid: select(wish, self.schedulers[0])})
        self.assertEqual({wish.server_uuid: answers[0]}, self.cloud.members(wish.group_uuid))
