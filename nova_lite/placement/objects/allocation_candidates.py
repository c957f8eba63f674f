# SPDX-License-Identifier: Apache-2.0
"""Finds allocation candidates in a snapshot: lazily, one tree after another, so that a limit bounds the work.

A request becomes *slots*, each to be filled by one provider: one slot for each suffixed group, and one for each
resource class of the unsuffixed group. A tree (the anchor) offers its own providers, and those of others that share
with it through an aggregate. `search.py` fills the slots of one anchor.
"""

import itertools
import random

from nova_lite.placement import errors
from nova_lite.placement.objects.search import Search


class Slot:
    """A provider wanted: what it must have room for and which providers may serve."""

    __slots__ = ('group', 'resources', 'is_single', 'tree_root')

    def __init__(self, group, resources, tree_root):
        self.group = group
        self.resources = tuple(resources.items())
        self.is_single = bool(group.suffix)
        self.tree_root = tree_root

    def choices(self, anchor, sharing):
        """The providers that may serve this slot for an anchor; `sharing` are those of other trees that share with
        it.
        """
        group = self.group
        if self.resources:
            own = anchor.by_class.get(self.resources[0][0], ())
        else:
            own = anchor.members if group.required or group.member_of else ()
        if self.is_single:
            return [p for p in (*own, *sharing) if self._serves_alone(p)]
        if self.tree_root is not None:
            sharing = ()
            if anchor.root.id != self.tree_root:
                return []
        root_aggregates = anchor.root.aggregates
        # A tree's root lends its aggregates to the whole tree.
        root_is_member = anchor.root.is_member_of(group.member_of)
        if not root_aggregates.isdisjoint(group.not_member_of):
            return []
        found = [p for p in own if self.serves_part(p) and (root_is_member or p.is_member_of(group.member_of))
                 and p.aggregates.isdisjoint(group.not_member_of)]
        if sharing:
            found += [p for p in sharing if self.serves_part(p) and p.is_member_of(group.member_of)
                      and p.aggregates.isdisjoint(group.not_member_of)]
        return found

    def _serves_alone(self, provider):
        group = self.group
        # A group that asks for no resources is not bound to its tree: so Placement has it.
        return (provider.has_room(self.resources) and provider.has_traits(group.required, group.forbidden)
                and provider.is_member_of(group.member_of) and provider.aggregates.isdisjoint(group.not_member_of)
                and (self.tree_root is None or not self.resources or provider.root_id == self.tree_root))

    def admits(self, root):
        """Whether a root by itself may serve an unsuffixed group, as far as trees and aggregates go."""
        group = self.group
        return ((self.tree_root is None or root.id == self.tree_root) and root.is_member_of(group.member_of)
                and root.aggregates.isdisjoint(group.not_member_of))

    def serves_part(self, provider):
        """Whether a provider has room for this slot, and none of the traits that its group forbids."""
        forbidden = self.group.forbidden
        return provider.has_room(self.resources) and not (forbidden and not provider.traits.isdisjoint(forbidden))


def find(state, request, options):
    """An iterator of Candidates, none twice. Raises BadRequest for names that do not exist.

    `options` is the group `[placement]`.
    """
    slots = _slots(state, request)
    if not slots:
        return iter(())
    search = Search(request, slots)
    anchors = _anchors(state, request, slots)
    filled = (_of_anchor(state, search, anchor, slots) for anchor in anchors)
    generators = (found for found in filled if found is not None)
    most = options.max_allocation_candidates
    if most < 0 and request.limit is not None and not options.randomize_allocation_candidates:
        found = _in_turn(generators)
    elif options.allocation_candidates_generation_strategy == 'breadth-first':
        found = _in_turn(generators)
    else:
        found = itertools.chain.from_iterable(generators)
    found = _unique(state, found)
    if most >= 0:
        found = itertools.islice(found, most)
    if options.randomize_allocation_candidates:
        found = list(found)
        random.shuffle(found)
    return iter(found) if request.limit is None else itertools.islice(found, request.limit)


def _slots(state, request):
    """The request's slots; none if a group cannot be served by any provider at all.

    Names are checked group by group: one that is unknown matters only if the groups before it can be served.
    """
    if _unknown_trait(state, request.root_required) or _unknown_trait(state, request.root_forbidden):
        name = _unknown_trait(state, request.root_required) or _unknown_trait(state, request.root_forbidden)
        raise errors.BadRequest(f'No such trait(s): {name}.')
    if (request.root_required or request.root_forbidden) and not any(
            _is_root_fit(request, tree) for tree in list(state.trees.values())):
        return []
    slots = []
    for group in request.groups.values():
        for name in group.resources:
            if name not in state.class_rows:
                if _is_unservable(state, request, slots):
                    return []
                raise errors.BadRequest('Invalid resource class in resources parameter: '
                                        f'No such resource class {name}.')
        if group.member_of and not any(p.is_member_of(group.member_of) for p in list(state.providers.values())):
            return []
        unknown = _unknown_trait(state, itertools.chain(*group.required, group.forbidden))
        if unknown:
            if _is_unservable(state, request, slots):
                return []
            raise errors.BadRequest(f'No such trait(s): {unknown}.')
        tree_root = None
        if group.in_tree:
            if group.in_tree not in state.by_uuid:
                return []
            tree_root = state.by_uuid[group.in_tree].root_id
        if group.suffix:
            slots.append(Slot(group, group.resources, tree_root))
        else:
            slots += [Slot(group, {name: amount}, tree_root) for name, amount in group.resources.items()]
    return slots


def _unknown_trait(state, names):
    return next((name for name in names if name not in state.trait_rows), None)


def _is_unservable(state, request, slots):
    """Whether some group before the one in question has no provider anywhere."""
    by_group = {}
    for slot in slots:
        by_group.setdefault(slot.group.suffix, []).append(slot)
    return any(
        not any(all(slot.choices(tree, _sharing_with(state, tree)) for slot in of_group)
                for tree in list(state.trees.values()))
        for of_group in by_group.values())


def _is_root_fit(request, tree):
    return request.root_required <= tree.root.traits and request.root_forbidden.isdisjoint(tree.root.traits)


def _anchors(state, request, slots):
    """The trees that may anchor candidates; with a limit from a random one on, so that no tree is always last."""
    trees = state.order
    for slot in slots:
        if slot.tree_root is not None and slot.resources:
            bound = state.trees.get(slot.tree_root)
            if bound is None:
                return
            # A suffixed group may also be served to other trees, by what the tree shares.
            if not slot.is_single or not any(p.id in state.sharing for p in bound.members):
                trees = [bound]
    start = random.randrange(len(trees)) if request.limit is not None and trees else 0
    for at in itertools.chain(range(start, len(trees)), range(start)):
        tree = trees[at]
        if tree is not None and _is_root_fit(request, tree):
            yield tree


def _sharing_with(state, tree):
    """The sharing providers of other trees that have an aggregate in common with this one."""
    if not state.sharing or not tree.aggregates:
        return ()
    return [p for p in list(state.sharing.values())
            if p.root_id != tree.root.id and not p.aggregates.isdisjoint(tree.aggregates)]


def _of_anchor(state, search, anchor, slots):
    """An iterator of the anchor's candidates; None where a slot has no choice at all."""
    sharing = _sharing_with(state, anchor)
    if search.is_plain and not sharing and len(anchor.members) == 1:
        # Most trees are a single provider and most requests have one group: no choice anywhere.
        root = anchor.root
        return search.alone(root) if all(slot.serves_part(root) for slot in slots) and slots[0].admits(root) else None
    choices = []
    for slot in slots:
        found = slot.choices(anchor, sharing)
        if not found:
            return None
        choices.append(found)
    return search.fill(state, anchor, choices)


def _in_turn(generators):
    """One candidate of each anchor, then the second of each, and so on; anchors are visited when they are needed."""
    waiting = []
    for generator in generators:
        for candidate in generator:
            yield candidate
            waiting.append(generator)
            break
    while waiting:
        still = []
        for generator in waiting:
            for candidate in generator:
                yield candidate
                still.append(generator)
                break
        waiting = still


def _unique(state, candidates):
    """Only candidates with sharing providers can come from several anchors, only these are remembered."""
    sharing = state.sharing
    if not sharing:
        yield from candidates
        return
    seen = set()
    for candidate in candidates:
        if any(p.id in sharing for providers in candidate.served.values() for p in providers):
            key = candidate.key()
            if key in seen:
                continue
            seen.add(key)
        yield candidate
