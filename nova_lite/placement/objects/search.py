# SPDX-License-Identifier: Apache-2.0
"""Fills the slots of one anchor with providers, depth first, and turns back as soon as the rest cannot be filled."""

import itertools

# From so many suffixed groups on it is worth knowing beforehand whether all of them find a place together.
MANY = 3


class Candidate:
    """One way to serve a request: what is taken of which provider, and which providers serve which group."""

    __slots__ = ('takes', 'served')

    def __init__(self, takes, served):
        self.takes = takes      # {Provider: JSON text of {class name: amount}, without the braces}
        self.served = served    # {suffix: [Provider]}

    def key(self):
        """Equal for candidates that say the same."""
        return (frozenset((p.id, text) for p, text in self.takes.items()),
                frozenset((suffix, frozenset(p.id for p in providers)) for suffix, providers in self.served.items()))


def as_text(resources):
    """(class name, amount) pairs as JSON, without the braces."""
    return ','.join([f'"{name}":{amount}' for name, amount in resources])


class Search:
    """How the slots of one request are filled; the same for every anchor."""

    def __init__(self, request, slots):
        self.request = request
        self.slots = slots
        part = [slot for slot in slots if not slot.is_single]
        self.required = part[0].group.required if part else ()
        self.is_plain = len(part) == len(slots)
        self._texts = [as_text(slot.resources) for slot in slots]
        self._whole = ','.join(self._texts)

    def fill(self, state, anchor, choices):
        """An iterator of Candidates; `choices` has the providers that may serve each slot, none of them empty."""
        if not self.is_plain:
            return _Filling(self, state, choices).run()
        if all(len(found) == 1 for found in choices):
            first = choices[0][0]
            if all(found[0] is first for found in choices):
                return self.alone(first)
        elif self.required or not self.request.may_nest:
            return _Filling(self, state, choices).run()
        # Slots of an unsuffixed group ask for different classes: they never are in each other's way.
        return self._combine(choices)

    def alone(self, provider):
        """The candidate of an unsuffixed group that one provider serves."""
        if not self.required or provider.has_traits(self.required, ()):
            yield Candidate({provider: self._whole}, {'': [provider]})

    def _combine(self, choices):
        for chosen in itertools.product(*choices):
            if self.required and not _have_traits(chosen, self.required):
                continue
            takes = {}
            for provider, text in zip(chosen, self._texts, strict=True):
                takes[provider] = f'{takes[provider]},{text}' if provider in takes else text
            if not self.request.may_nest and len({p.root_id for p in takes}) < len(takes):
                continue
            yield Candidate(takes, {'': list(takes)})


class _Filling:
    """The filling of one anchor: what is chosen so far, and what that takes of each provider."""

    def __init__(self, search, state, choices):
        self.search, self.state = search, state
        # The slots with few choices first: a wrong turn shows early.
        self.order = sorted(range(len(choices)), key=lambda at: (len(choices[at]), at))
        self.slots = [search.slots[at] for at in self.order]
        self.choices = [choices[at] for at in self.order]
        self.chosen = [None] * len(choices)
        self.taken = {}         # {provider id: {class name: amount}}
        self.isolated = set()   # ids of providers that serve a suffixed group, where each has to be another
        self.isolate = search.request.isolate
        self.is_dire = False    # a branch was empty: from now on look ahead

    def run(self):
        if sum(slot.is_single for slot in self.slots) >= MANY and not self._can_place(0):
            return iter(())
        return self._descend(0)

    def _descend(self, depth):
        if depth == len(self.slots):
            yield self._candidate()
            return
        found = False
        for provider in self.choices[depth]:
            if not self._take(depth, provider):
                continue
            if self._is_open(depth):
                for candidate in self._descend(depth + 1):
                    found = True
                    yield candidate
            self._release(depth, provider)
        if not found:
            self.is_dire = True

    def _take(self, depth, provider):
        slot = self.slots[depth]
        if self.isolate and slot.is_single and provider.id in self.isolated:
            return False
        taken = self.taken.setdefault(provider.id, {})
        for name, amount in slot.resources:
            if taken.get(name, 0) + amount > provider.inventories[name].most:
                return False
        for name, amount in slot.resources:
            taken[name] = taken.get(name, 0) + amount
        if slot.is_single:
            self.isolated.add(provider.id)
        self.chosen[depth] = provider
        return True

    def _release(self, depth, provider):
        slot = self.slots[depth]
        taken = self.taken[provider.id]
        for name, amount in slot.resources:
            taken[name] -= amount
        self.chosen[depth] = None
        if slot.is_single and not any(
                other is provider and self.slots[at].is_single for at, other in enumerate(self.chosen)):
            self.isolated.discard(provider.id)

    def _is_open(self, depth):
        """Whether what is chosen up to `depth` may still become a candidate."""
        request = self.search.request
        if not request.may_nest and self._nests(depth):
            return False
        if self.search.required and not self._traits_reachable(depth):
            return False
        if any(not self._subtree_reachable(suffixes, depth) for suffixes in request.same_subtree):
            return False
        return not self.is_dire or self._can_place(depth + 1)

    def _nests(self, depth):
        new = self.chosen[depth]
        return any(other.root_id == new.root_id and other is not new for other in self.chosen[:depth])

    def _traits_reachable(self, depth):
        """The unsuffixed group's providers have to have all required traits between them."""
        offered = []
        for at, slot in enumerate(self.slots):
            if not slot.is_single:
                offered += [self.chosen[at]] if at <= depth else self.choices[at]
        return _have_traits(offered, self.search.required)

    def _subtree_reachable(self, suffixes, depth):
        """One of the providers of these groups has to be the others' ancestor."""
        chosen, possible = [], set()
        for at, slot in enumerate(self.slots):
            if slot.group.suffix in suffixes:
                if at <= depth:
                    chosen.append(self.chosen[at])
                else:
                    possible.update(p.id for p in self.choices[at])
        if not chosen:
            return True
        trees = self.state.trees
        common = frozenset.intersection(*(trees[p.root_id].ancestors(p.id) for p in chosen))
        return any(p.id in common for p in chosen) or not common.isdisjoint(possible)

    def _can_place(self, start):
        """Whether the suffixed groups from `start` on find places, one kind of group at a time: a bipartite matching.

        A yes is not a promise where groups of several kinds share providers; a no is final.
        """
        kinds = {}
        for at in range(start, len(self.slots)):
            if self.slots[at].is_single and self.slots[at].resources:
                kinds.setdefault(None if self.isolate else self.slots[at].resources, []).append(at)
        return all(self._match(slots) for slots in kinds.values())

    def _match(self, slots):
        held = {}       # provider id -> slots placed on it

        def place(at, tried):
            slot = self.slots[at]
            for provider in self.choices[at]:
                if provider.id in tried:
                    continue
                tried.add(provider.id)
                room = self._places(provider, slot)
                mine = held.setdefault(provider.id, [])
                if len(mine) < room:
                    mine.append(at)
                    return True
                if room and self._push_out(mine, at, place, tried):
                    return True
            return False

        return all(place(at, set()) for at in slots)

    @staticmethod
    def _push_out(mine, at, place, tried):
        for index, other in enumerate(mine):
            if place(other, tried):
                mine[index] = at
                return True
        return False

    def _places(self, provider, slot):
        """How many groups like this one still fit on the provider."""
        if self.isolate and provider.id in self.isolated:
            return 0
        taken = self.taken.get(provider.id, {})
        places = min((provider.inventories[name].most - taken.get(name, 0)) // amount
                     for name, amount in slot.resources)
        return min(places, 1) if self.isolate else places

    def _candidate(self):
        amounts, served = {}, {}
        for at in sorted(range(len(self.order)), key=self.order.__getitem__):
            slot, provider = self.slots[at], self.chosen[at]
            by_name = amounts.setdefault(provider, {}) if slot.resources else {}
            for name, amount in slot.resources:
                by_name[name] = by_name.get(name, 0) + amount
            providers = served.setdefault(slot.group.suffix, [])
            if provider not in providers:
                providers.append(provider)
        return Candidate({p: as_text(by_name.items()) for p, by_name in amounts.items()}, served)


def _have_traits(providers, required):
    traits = frozenset().union(*(p.traits for p in providers))
    return not any(traits.isdisjoint(any_of) for any_of in required)
