# SPDX-License-Identifier: Apache-2.0
"""The search for candidates against the plainest one: all combinations, then every condition."""

import itertools
from types import SimpleNamespace

import hypothesis
import testtools
from hypothesis import strategies as st

from nova_lite.placement import errors
from nova_lite.placement.objects import allocation_candidates as candidates
from nova_lite.placement.objects.candidate_request import Group, Request
from nova_lite.placement.objects.snapshot import SHARES, Inventory, Provider, Tree
from tests.unit.effort import calls

CLASSES = ('VCPU', 'MEMORY_MB', 'PGPU')
TRAITS = ('A', 'B', 'C')
AGGREGATES = ('x', 'y')
OPTIONS = SimpleNamespace(max_allocation_candidates=-1, randomize_allocation_candidates=False,
                          allocation_candidates_generation_strategy='depth-first')


def options(**changes):
    return SimpleNamespace(**{**vars(OPTIONS), **changes})


class World:
    """A state made of (parent's number or None, {class: (total, used)}, traits, aggregates) for each provider."""

    def __init__(self, rows):
        self.providers, self.by_uuid, self.trees, self.order, self.sharing, self.nested = {}, {}, {}, [], {}, set()
        self.trait_rows = dict.fromkeys((*TRAITS, SHARES))
        self.class_rows = dict.fromkeys(CLASSES)
        for number, (parent, inventories, traits, aggregates) in enumerate(rows, 1):
            root = self.providers[parent].root_id if parent else number
            row = SimpleNamespace(id=number, uuid=f'u{number}', name=f'n{number}', generation=0, root_id=root,
                                  parent_id=parent, modified_at=0)
            provider = Provider(row, {name: Inventory(total, 0, 1, total, 1, 1.0, 0, used)
                                      for name, (total, used) in inventories.items()},
                                frozenset(traits), frozenset(aggregates))
            provider.root_uuid, provider.parent_uuid = f'u{root}', f'u{parent}' if parent else None
            self.providers[number] = self.by_uuid[row.uuid] = provider
            if provider.is_sharing:
                self.sharing[number] = provider
            if parent:
                self.nested.add(number)
        for root in sorted({p.root_id for p in self.providers.values()}):
            members = tuple(p for p in self.providers.values() if p.root_id == root)
            self.trees[root] = Tree(self.providers[root], members, len(self.order))
            self.order.append(self.trees[root])


def group(suffix, resources, **conditions):
    made = Group(suffix)
    made.resources = resources
    for name, value in conditions.items():
        setattr(made, name, value)
    return made


def request(*groups, **more):
    given = {'limit': None, 'isolate': False, 'root_required': set(), 'root_forbidden': set(), 'same_subtree': [],
             'may_nest': True, **more}
    return Request({g.suffix: g for g in groups}, **given)


def found(world, asked, changed=OPTIONS):
    keys = [candidate.key() for candidate in candidates.find(world, asked, changed)]
    assert len(keys) == len(set(keys)), 'a candidate came twice'
    return set(keys)


def plainly(world, asked):
    """Every provider for every part of the request, for every anchor: then what does not fit is thrown away."""
    parts = []
    for g in asked.groups.values():
        parts += [(g, dict(g.resources))] if g.suffix else [(g, {n: a}) for n, a in g.resources.items()]
    keys = set()
    for anchor in world.trees.values():
        if not _root_fits(asked, anchor):
            continue
        reachable = [p for p in world.providers.values() if p.root_id == anchor.root.id or (
            p.is_sharing and p.aggregates & anchor.aggregates)]
        for chosen in itertools.product(reachable, repeat=len(parts)):
            key = _key(world, asked, anchor, parts, chosen)
            if key is not None:
                keys.add(key)
    return keys


def _root_fits(asked, anchor):
    return asked.root_required <= anchor.root.traits and not asked.root_forbidden & anchor.root.traits


def _key(world, asked, anchor, parts, chosen):
    taken, served = {}, {}
    for (g, resources), provider in zip(parts, chosen, strict=True):
        if not _part_fits(world, anchor, g, resources, provider):
            return None
        for name, amount in resources.items():
            taken[provider.id, name] = taken.get((provider.id, name), 0) + amount
        served.setdefault(g.suffix, set()).add(provider.id)
    for (number, name), amount in taken.items():
        if amount > world.providers[number].inventories[name].most:
            return None
    if '' in asked.groups:
        traits = set().union(*(world.providers[n].traits for n in served['']))
        if not all(traits & any_of for any_of in asked.groups[''].required):
            return None
    singles = [next(iter(served[suffix])) for suffix in served if suffix]
    if asked.isolate and len(set(singles)) < len(singles):
        return None
    if not asked.may_nest:
        used = {n for numbers in served.values() for n in numbers}
        if len({world.providers[n].root_id for n in used}) < len(used):
            return None
    for suffixes in asked.same_subtree:
        numbers = set().union(*(served[s] for s in suffixes))
        if not any(all(top in _above(world, n) for n in numbers) for top in numbers):
            return None
    amounts = {}
    for g, resources in parts:
        for name in resources:
            for number in served[g.suffix]:
                if (number, name) in taken:
                    amounts.setdefault(number, {})[name] = taken[number, name]
    return (frozenset((n, name, a) for n, by_name in amounts.items() for name, a in by_name.items()),
            frozenset((suffix, frozenset(numbers)) for suffix, numbers in served.items()))


def _above(world, number):
    chain = []
    while number:
        chain.append(number)
        number = world.providers[number].parent_id
    return chain


def _part_fits(world, anchor, g, resources, provider):
    for name, amount in resources.items():
        if name not in provider.inventories or not provider.inventories[name].fits(amount):
            return False
    if g.forbidden & provider.traits:
        return False
    tree_root = world.by_uuid[g.in_tree].root_id if g.in_tree else None
    if g.suffix:
        if not resources and not (g.required or g.member_of):
            return False
        return (all(provider.traits & any_of for any_of in g.required)
                and all(provider.aggregates & any_of for any_of in g.member_of)
                and not provider.aggregates & g.not_member_of
                and (tree_root is None or not resources or provider.root_id == tree_root))
    if tree_root is not None and not (anchor.root.id == provider.root_id == tree_root):
        return False
    member = all(provider.aggregates & any_of for any_of in g.member_of)
    if provider.root_id == anchor.root.id:
        member = member or all(anchor.root.aggregates & any_of for any_of in g.member_of)
    return member and not (provider.aggregates | anchor.root.aggregates) & g.not_member_of


def as_numbers(keys):
    """A search's keys in the form of the plain search's."""
    return {(frozenset((n, *_pair(part)) for n, text in takes for part in text.split(',')), served)
            for takes, served in keys}


def _pair(part):
    name, amount = part.split(':')
    return name.strip('"'), int(amount)


_inventories = st.dictionaries(st.sampled_from(CLASSES), st.tuples(st.integers(1, 4), st.integers(0, 1)), max_size=3)
_traits = st.sets(st.sampled_from((*TRAITS, SHARES)), max_size=2)
_aggregates = st.sets(st.sampled_from(AGGREGATES), max_size=1)


@st.composite
def worlds(draw):
    rows = []
    for number in range(draw(st.integers(1, 5))):
        parent = draw(st.none() | st.integers(1, number)) if number else None
        rows.append((parent, draw(_inventories), draw(_traits), draw(_aggregates)))
    return World(rows)


@st.composite
def requests(draw):
    groups = []
    for suffix in draw(st.sampled_from([[''], ['', '_1'], ['_1', '_2'], ['', '_1', '_2'], ['_1', '_2', '_3']])):
        resources = draw(st.dictionaries(st.sampled_from(CLASSES), st.integers(1, 2), min_size=1, max_size=2))
        groups.append(group(
            suffix, resources, required=draw(st.lists(st.sets(st.sampled_from(TRAITS), min_size=1), max_size=1)),
            forbidden=draw(st.sets(st.sampled_from(TRAITS), max_size=1)),
            member_of=draw(st.lists(st.sets(st.sampled_from(AGGREGATES), min_size=1), max_size=1)),
            not_member_of=draw(st.sets(st.sampled_from(AGGREGATES), max_size=1)),
            in_tree=draw(st.sampled_from([None, None, None, 'u1']))))
    suffixes = [g.suffix for g in groups if g.suffix]
    return request(*groups, isolate=draw(st.booleans()), may_nest=draw(st.sampled_from([True, True, False])),
                   root_required=draw(st.sampled_from([set(), set(), {'A'}])),
                   same_subtree=[set(suffixes)] if len(suffixes) > 1 and draw(st.booleans()) else [])


class SearchTest(testtools.TestCase):

    @hypothesis.settings(max_examples=500, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
    @hypothesis.given(worlds(), requests())
    def test_like_the_plain_search(self, world, asked):
        self.assertEqual(plainly(world, asked), as_numbers(found(world, asked)))

    @hypothesis.settings(max_examples=100, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
    @hypothesis.given(worlds(), requests(), st.integers(1, 4))
    def test_a_limit_gives_a_part(self, world, asked, limit):
        everything = found(world, asked)
        some = found(world, asked._replace(limit=limit))
        self.assertLessEqual(some, everything)
        self.assertEqual(min(limit, len(everything)), len(some))

    @hypothesis.settings(max_examples=100, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
    @hypothesis.given(worlds(), requests(), st.sampled_from(['depth-first', 'breadth-first']), st.booleans())
    def test_a_bound_of_the_server_gives_a_part(self, world, asked, strategy, shuffled):
        everything = found(world, asked)
        some = found(world, asked, options(
            max_allocation_candidates=2, allocation_candidates_generation_strategy=strategy,
            randomize_allocation_candidates=shuffled))
        self.assertLessEqual(some, everything)
        self.assertEqual(min(2, len(everything)), len(some))

    def test_limited_requests_reach_every_host(self):
        hosts, limit = 200, 10
        # Every third host is full, and one in fifty has many candidates.
        rows = []
        for number in range(hosts):
            rows.append((None, {'VCPU': (4, 4 if number % 3 == 0 else 0)}, (), ()))
        world = World(rows)
        asked = request(group('', {'VCPU': 1}), limit=limit)
        seen = set()
        for _ in range(20 * hosts // limit):
            seen |= {p.id for c in candidates.find(world, asked, OPTIONS) for p in c.takes}
        self.assertEqual({n + 1 for n in range(hosts) if n % 3}, seen)

    def test_breadth_first_takes_from_every_root(self):
        rows = []
        for number in range(4):
            rows.append((None, {}, (), ()))
            rows += [(5 * number + 1, {'PGPU': (1, 0)}, (), ())] * 4
        asked = request(group('_1', {'PGPU': 1}), group('_2', {'PGPU': 1}), isolate=True)
        some = list(candidates.find(World(rows), asked, options(
            max_allocation_candidates=4, allocation_candidates_generation_strategy='breadth-first')))
        self.assertEqual(4, len({p.root_id for c in some for p in c.takes}))

    def test_many_like_devices(self):
        """8 children with 8 devices, 8 groups: some 40,000 or 16 million candidates, the first 50 at once."""
        world = World([(None, {'VCPU': (8, 0)}, (), ())] + [(1, {'PGPU': (8, 0)}, (), ())] * 8)
        for isolate in (True, False):
            asked = request(*(group(f'_{n}', {'PGPU': 1}) for n in range(8)), isolate=isolate, limit=50)
            some, effort = calls(lambda asked=asked: found(world, asked))
            self.assertEqual(50, len(some))
            self.assertLess(effort, 20_000)
        asked = request(*(group(f'_{n}', {'PGPU': 1}) for n in range(6)), isolate=True)
        self.assertEqual(20160, sum(1 for _ in candidates.find(world, asked, OPTIONS)))

    def test_what_cannot_be_placed_is_found_out_at_once(self):
        world = World([(None, {}, (), ())] + [(1, {'PGPU': (1, 0)}, (), ())] * 8)
        for isolate in (True, False):
            asked = request(*(group(f'_{n}', {'PGPU': 1}) for n in range(9)), isolate=isolate)
            none, effort = calls(lambda asked=asked: found(world, asked))
            self.assertEqual(set(), none)
            self.assertLess(effort, 20_000)

    def test_a_dead_end_below_is_not_walked_again_and_again(self):
        """Seven groups fit everywhere, the eighth only where the seven usually are."""
        rows = [(None, {}, (), ())] + [(1, {'PGPU': (1, 0)}, ('A',) if n == 0 else (), ()) for n in range(9)]
        groups = [group(f'_{n}', {'PGPU': 1}) for n in range(8)] + [group('_last', {'PGPU': 1}, required=[{'A'}])]
        some, effort = calls(lambda: found(World(rows), request(*groups, isolate=True, limit=10)))
        self.assertEqual(10, len(some))
        self.assertLess(effort, 20_000)

    def test_an_unknown_name_matters_only_if_the_groups_before_can_be_served(self):
        world = World([(None, {'VCPU': (1, 0)}, (), ())])
        bad = group('_2', {'NOPE': 1})
        self.assertEqual(set(), found(world, request(group('_1', {'VCPU': 2}), bad)))
        self.assertRaises(errors.BadRequest, found, world, request(group('_1', {'VCPU': 1}), bad))
