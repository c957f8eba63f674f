# SPDX-License-Identifier: Apache-2.0
"""All providers in this process's memory, exactly as the database had them when this request asked.

Each read first compares the lanes' numbers (`db/changes.py`) and then loads what moved. Objects that a reader can
reach never change: a provider or a tree that moved is replaced by another. Reads are answered from here; a claim
decides on the database's own rows, never on these.
"""

import logging
import math
import threading

import os_traits

from nova_lite.placement.db import changes, names
from nova_lite.placement.db import snapshot as rows

LOG = logging.getLogger(__name__)
SHARES = os_traits.MISC_SHARES_VIA_AGGREGATE
# More changed providers than this are not worth picking one by one.
WHOLESALE = 2000


class Inventory:
    """One class of one provider, with what is used of it."""

    __slots__ = ('total', 'reserved', 'min_unit', 'max_unit', 'step_size', 'allocation_ratio', 'modified_at', 'used',
                 'capacity', 'free', 'most')

    def __init__(self, total, reserved, min_unit, max_unit, step_size, allocation_ratio, modified_at, used):
        self.total, self.reserved, self.allocation_ratio = total, reserved, allocation_ratio
        self.min_unit, self.max_unit, self.step_size = min_unit, max_unit, step_size
        self.modified_at, self.used = modified_at, used
        exact = (total - reserved) * allocation_ratio
        self.capacity = int(exact)
        self.free = math.floor(exact) - used
        self.most = min(max_unit, self.free)

    def fits(self, amount):
        return self.min_unit <= amount <= self.most and amount % self.step_size == 0

    def with_used(self, used):
        return Inventory(self.total, self.reserved, self.min_unit, self.max_unit, self.step_size,
                         self.allocation_ratio, self.modified_at, used)


class Provider:
    """A resource provider with all that is its own. `cache` keeps encoded forms of it."""

    __slots__ = ('id', 'uuid', 'name', 'generation', 'root_id', 'parent_id', 'modified_at', 'inventories', 'traits',
                 'aggregates', 'root_uuid', 'parent_uuid', 'cache')

    def __init__(self, row, inventories, traits, aggregates):
        self.id, self.uuid, self.name, self.generation = row.id, row.uuid, row.name, row.generation
        self.root_id, self.parent_id, self.modified_at = row.root_id, row.parent_id, row.modified_at
        self.inventories, self.traits, self.aggregates = inventories, traits, aggregates
        self.root_uuid = self.parent_uuid = None
        self.cache = {}

    @property
    def is_sharing(self):
        return SHARES in self.traits

    def has_room(self, resources):
        """Whether this provider alone can serve {class: amount}."""
        for name, amount in resources:
            inventory = self.inventories.get(name)
            if inventory is None or not inventory.fits(amount):
                return False
        return True

    def has_traits(self, required, forbidden):
        """`required` is a list of sets, of each of which one trait is enough."""
        traits = self.traits
        return not (forbidden and not traits.isdisjoint(forbidden)) and not any(
            traits.isdisjoint(any_of) for any_of in required)

    def is_member_of(self, member_of):
        """`member_of` is a list of sets of aggregates, of each of which one is enough."""
        return not any(self.aggregates.isdisjoint(any_of) for any_of in member_of)


class Tree:
    """A root provider and all providers below it."""

    __slots__ = ('root', 'members', 'by_class', 'aggregates', 'slot', '_ancestors')

    def __init__(self, root, members, slot):
        self.root, self.members, self.slot = root, members, slot
        by_class = {}
        for provider in members:
            for name in provider.inventories:
                by_class.setdefault(name, []).append(provider)
        self.by_class = by_class
        self.aggregates = frozenset().union(*(p.aggregates for p in members)) if len(members) > 1 else root.aggregates
        self._ancestors = None

    def ancestors(self, provider_id):
        """The ids of a member and of all providers above it."""
        if self._ancestors is None:
            parents = {p.id: p.parent_id for p in self.members}
            found = {}
            for member in parents:
                chain, at = [], member
                while at is not None:
                    chain.append(at)
                    at = parents.get(at)
                found[member] = frozenset(chain)
            self._ancestors = found
        return self._ancestors[provider_id]


class State:
    """One loading of everything, moved on by what changed since."""

    def __init__(self, conn):
        self.vector = changes.vector(conn)
        self.providers = {}     # id -> Provider, in order of creation
        self.by_uuid = {}
        self.trees = {}         # root's id -> Tree
        self.order = []         # Trees, each at its `slot`; None where one went
        self.sharing = {}       # id -> Provider
        self.nested = set()     # ids of providers that have a parent
        self._load_names(conn)
        self._put(self._load(conn, None), ())

    def advance(self, conn, vector):
        """Move on to `vector`; False if that can no longer be done in steps."""
        what = changes.since(conn, self.vector, vector)
        if what is None or len(what.providers) + len(what.usages) > WHOLESALE:
            return False
        if what.names:
            self._load_names(conn)
        fresh = self._load(conn, what.providers) if what.providers else {}
        moved = {n for n in what.usages - what.providers if n in self.providers}
        if moved:
            fresh.update(self._load_usage(conn, moved))
        if what.providers or moved:
            self._put(fresh, what.providers | moved)
        self.vector = vector
        return True

    def used_traits(self):
        """The names of the traits that some provider has."""
        return set().union(*(provider.traits for provider in list(self.providers.values())))

    def _load_names(self, conn):
        self.trait_rows = {row.name: row for row in names.all_traits(conn)}
        self.class_rows = {row.name: row for row in names.all_classes(conn)}
        self._trait_names = {row.id: name for name, row in self.trait_rows.items()}
        self._class_names = {row.id: name for name, row in self.class_rows.items()}

    def _load(self, conn, ids):
        used = {(r.provider_id, r.class_id): int(r.used) for r in rows.usage(conn, ids)}
        inventories, traits, aggregates = {}, {}, {}
        for row in rows.inventory(conn, ids):
            provider, class_id, *numbers = row
            inventories.setdefault(provider, {})[self._class_names[class_id]] = Inventory(
                *numbers, used.get((provider, class_id), 0))
        for provider, trait in rows.traits(conn, ids):
            traits.setdefault(provider, []).append(self._trait_names[trait])
        for provider, aggregate in rows.aggregates(conn, ids):
            aggregates.setdefault(provider, []).append(aggregate)
        return {row.id: Provider(row, inventories.get(row.id, {}), frozenset(traits.get(row.id, ())),
                                 frozenset(aggregates.get(row.id, ()))) for row in rows.providers(conn, ids)}

    def _load_usage(self, conn, ids):
        used = {(r.provider_id, r.class_id): int(r.used) for r in rows.usage(conn, ids)}
        fresh = {}
        for row in rows.providers(conn, ids):
            old = self.providers[row.id]
            inventories = {}
            for name, inventory in old.inventories.items():
                now = used.get((row.id, self.class_rows[name].id), 0)
                inventories[name] = inventory if inventory.used == now else inventory.with_used(now)
            fresh[row.id] = Provider(row, inventories, old.traits, old.aggregates)
        return fresh

    def _put(self, fresh, touched):
        """Replace the providers `touched` by `fresh`: one that is not among these is gone."""
        roots = set()
        for provider_id in touched:
            old = self.providers.get(provider_id)
            if old is not None:
                roots.add(old.root_id)
                if provider_id not in fresh:
                    del self.providers[provider_id]
                    del self.by_uuid[old.uuid]
                    self.sharing.pop(provider_id, None)
                    self.nested.discard(provider_id)
        for provider_id in sorted(fresh):
            provider = fresh[provider_id]
            roots.add(provider.root_id)
            self.providers[provider_id] = provider
            if provider.is_sharing:
                self.sharing[provider_id] = provider
            else:
                self.sharing.pop(provider_id, None)
            if provider.parent_id is not None:
                self.nested.add(provider_id)
            else:
                self.nested.discard(provider_id)
        self._plant(roots, fresh)
        for provider in fresh.values():
            self.by_uuid[provider.uuid] = provider

    def _plant(self, roots, fresh):
        """Make the trees below `roots` anew, of the members that they had and of the fresh ones."""
        ids = {root: set() for root in roots}
        for root in roots:
            if root in self.trees:
                ids[root].update(p.id for p in self.trees[root].members)
        for provider_id, provider in fresh.items():
            ids[provider.root_id].add(provider_id)
        for root, members in ids.items():
            alive = [self.providers[n] for n in sorted(members)
                     if n in self.providers and self.providers[n].root_id == root]
            old = self.trees.get(root)
            if not alive or root not in self.providers:
                if old is not None:
                    del self.trees[root]
                    self.order[old.slot] = None
                continue
            root_uuid = self.providers[root].uuid
            for provider in alive:
                provider.root_uuid = root_uuid
                provider.parent_uuid = self.providers[provider.parent_id].uuid if provider.parent_id else None
            slot = old.slot if old is not None else len(self.order)
            tree = Tree(self.providers[root], tuple(alive), slot)
            self.trees[root] = tree
            if old is not None:
                self.order[slot] = tree
            else:
                self.order.append(tree)
        if len(self.order) > 64 and len(self.trees) * 2 < len(self.order):
            self._compact()

    def _compact(self):
        trees = {}
        order = []
        for tree in self.order:
            if tree is not None:
                trees[tree.root.id] = tree = Tree(tree.root, tree.members, len(order))
                order.append(tree)
        self.trees, self.order = trees, order


class Snapshot:
    """The state of one process and the check that it is the database's."""

    def __init__(self, database):
        self._database = database
        self._lock = threading.Lock()
        self._state = None

    def now(self):
        """The state that shows whatever was committed before this call. Raises oslo.db's errors."""
        with self._lock:
            if self._state is not None:
                vector = dict(self._database.watch(changes.VECTOR))
                if vector == self._state.vector:
                    return self._state
            # A step that fails half way must not be taken for the state it began from.
            state, self._state = self._state, None
            self._state = self._database.read(lambda conn: self._advanced(conn, state))
            return self._state

    def _advanced(self, conn, state):
        if state is not None and state.advance(conn, changes.vector(conn)):
            return state
        state = State(conn)
        LOG.info('Loaded %d providers in %d trees', len(state.providers), len(state.trees))
        return state
