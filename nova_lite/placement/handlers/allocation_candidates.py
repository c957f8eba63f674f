# SPDX-License-Identifier: Apache-2.0
"""Allocation candidates, written piece by piece: an answer with millions of candidates never is in memory."""

import itertools

import msgspec

from nova_lite.placement.objects import allocation_candidates, candidate_request
from nova_lite.placement.schemas import allocation_candidates as schemas

_ENCODE = msgspec.json.Encoder().encode
# An answer that is not longer, in characters, is sent whole and with its length.
WHOLE = 1 << 20


def index(call):
    call.query(schemas.LIST.at(call.version))
    request = candidate_request.from_call(call)
    state = call.service.snapshot.now()
    found = allocation_candidates.find(state, request, call.service.conf.placement)
    writer = _Writer(call, state, request)
    pieces = writer.pieces(found)
    first = []
    size = 0
    for piece in pieces:
        first.append(piece)
        size += len(piece)
        if size > WHOLE:
            call.raw(_chunks(itertools.chain(first, pieces)))
            return
    call.raw(''.join(first).encode())


def _chunks(pieces):
    chunk, size = [], 0
    for piece in pieces:
        chunk.append(piece)
        size += len(piece)
        if size > WHOLE // 4:
            yield ''.join(chunk).encode()
            chunk, size = [], 0
    yield ''.join(chunk).encode()


class _Writer:
    """Writes candidates and then the summaries of the providers concerned, as the request's version shows them."""

    def __init__(self, call, state, request):
        self.state = state
        self.is_dict = call.since(12)
        self.with_mappings = call.since(34)
        self.with_traits = call.since(17)
        self.with_tree = call.since(29)
        self.classes = None if call.since(27) else {name for g in request.groups.values() for name in g.resources}
        # Before 1.29 only the providers used are shown, where there are trees at all.
        self.whole_trees = self.with_tree or not state.nested

    def pieces(self, candidates):
        """The document, as texts to be joined."""
        write = self._candidate if self.is_dict else self._candidate_as_list
        shown = {}
        opening = '{"allocation_requests":['
        for candidate in candidates:
            if not self._note(candidate, shown):
                continue
            yield opening + write(candidate)
            opening = ','
        yield ('{"allocation_requests":[' if opening != ',' else '') + '],"provider_summaries":{'
        opening = ''
        for members in shown.values():
            for member in members:
                yield opening + self._summary(member)
                opening = ','
        yield '}}'

    def _note(self, candidate, shown):
        """Remember whose summaries are due; False for a candidate of a tree that went away meanwhile."""
        for provider in candidate.takes:
            if not self.whole_trees:
                shown.setdefault(provider.id, (provider,))
            elif provider.root_id not in shown:
                tree = self.state.trees.get(provider.root_id)
                if tree is None:
                    return False
                shown[provider.root_id] = tree.members
        return True

    def _candidate(self, candidate):
        allocations = ','.join([f'"{p.uuid}":{{"resources":{{{text}}}}}' for p, text in candidate.takes.items()])
        if not self.with_mappings:
            return f'{{"allocations":{{{allocations}}}}}'
        mappings = ','.join([f'"{suffix}":["' + '","'.join([p.uuid for p in providers]) + '"]'
                             for suffix, providers in candidate.served.items()])
        return f'{{"allocations":{{{allocations}}},"mappings":{{{mappings}}}}}'

    def _candidate_as_list(self, candidate):
        allocations = ','.join([f'{{"resource_provider":{{"uuid":"{p.uuid}"}},"resources":{{{text}}}}}'
                                for p, text in candidate.takes.items()])
        return f'{{"allocations":[{allocations}]}}'

    def _summary(self, provider):
        if not self.with_tree:
            return self._encode(provider)
        text = provider.cache.get('summary')
        if text is None:
            text = provider.cache['summary'] = self._encode(provider)
        return text

    def _encode(self, provider):
        data = {'resources': {
            name: {'capacity': inventory.capacity, 'used': inventory.used}
            for name, inventory in provider.inventories.items() if self.classes is None or name in self.classes}}
        if self.with_traits:
            data['traits'] = sorted(provider.traits)
        if self.with_tree:
            data['parent_provider_uuid'] = provider.parent_uuid
            data['root_provider_uuid'] = provider.root_uuid
        return f'"{provider.uuid}":{_ENCODE(data).decode()}'
