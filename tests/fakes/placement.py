# SPDX-License-Identifier: Apache-2.0
"""Placement in memory, one root provider a node: what the scheduler asks of `clients.placement.Placement`.

Strict about capacity and consumer generations, and safe to share between threads. `before_put` is called ahead of
each PUT, outside the lock: a test may let others go first, or raise.
"""

import threading

from nova_lite import errors
from nova_lite.clients.placement import (
    CONCURRENT_UPDATE,
    Allocations,
    Amount,
    Candidate,
    Candidates,
    Resources,
    Summary,
)


class FakePlacement:
    """`add` nodes, then hand it out as a placement client. `queries` keeps what was asked."""

    def __init__(self):
        self.allocations = self
        self.capacity = {}
        self.traits = {}
        self.member_of = {}
        self.held = {}
        self.queries = []
        self.puts = 0
        self.before_put = lambda consumer: None
        self._lock = threading.RLock()

    def add(self, uuid, traits=(), aggregates=(), **capacity):
        self.capacity[uuid] = capacity
        self.traits[uuid] = set(traits)
        self.member_of[uuid] = set(aggregates)

    def used(self, uuid):
        used = dict.fromkeys(self.capacity[uuid], 0)
        for allocations in self.held.values():
            for name, amount in allocations.allocations.get(uuid, Resources({})).resources.items():
                used[name] += amount
        return used

    def candidates(self, query):
        with self._lock:
            self.queries.append(query)
            wanted = dict(query)
            amounts = {name: int(n) for name, n in (pair.split(':') for pair in wanted['resources'].split(','))}
            used = self._used()
            fitting = [uuid for uuid in self.capacity if self._fits(uuid, query, amounts, used)]
            fitting = fitting[:int(wanted['limit'])]
            return Candidates(
                [Candidate({uuid: Resources(dict(amounts))}, {'': [uuid]}) for uuid in fitting],
                {uuid: Summary({name: Amount(total, used.get(uuid, {}).get(name, 0))
                                for name, total in self.capacity[uuid].items()},
                               sorted(self.traits[uuid]), None, uuid) for uuid in fitting})

    def show(self, consumer):
        with self._lock:
            return self.held.get(consumer, Allocations())

    def put(self, consumer, allocations, *, project_id, user_id, generation, consumer_type='INSTANCE', mappings=None):
        self.before_put(consumer)
        with self._lock:
            self.puts += 1
            before = self.held.get(consumer, Allocations())
            if before.consumer_generation != generation:
                raise errors.Conflict('consumer generation conflict', code=CONCURRENT_UPDATE)
            if not allocations:
                self.held.pop(consumer, None)
                return
            for uuid, amounts in allocations.items():
                used, own = self.used(uuid), before.allocations.get(uuid, Resources({})).resources
                for name, amount in amounts.items():
                    if used[name] - own.get(name, 0) + amount > self.capacity[uuid][name]:
                        raise errors.Conflict('Unable to allocate inventory', code='placement.undefined_code')
            self.held[consumer] = Allocations(
                {uuid: Resources(dict(amounts)) for uuid, amounts in allocations.items()}, project_id, user_id,
                (generation or 0) + 1, consumer_type)

    def delete(self, consumer):
        with self._lock:
            self.held.pop(consumer, None)

    def _used(self):
        used = {}
        for allocations in self.held.values():
            for uuid, given in allocations.allocations.items():
                total = used.setdefault(uuid, {})
                for name, amount in given.resources.items():
                    total[name] = total.get(name, 0) + amount
        return used

    def _fits(self, uuid, query, amounts, used):
        mine = used.get(uuid, {})
        if any(mine.get(name, 0) + amount > self.capacity[uuid].get(name, 0) for name, amount in amounts.items()):
            return False
        for name, value in query:
            if name == 'required':
                for trait in value.split(','):
                    if trait.startswith('!') == (trait.removeprefix('!') in self.traits[uuid]):
                        return False
            if name == 'in_tree' and uuid != value:
                return False
            if name == 'member_of':
                aggregates = set(value.removeprefix('!').removeprefix('in:').split(','))
                if value.startswith('!') == bool(aggregates & self.member_of[uuid]):
                    return False
        return True
