# SPDX-License-Identifier: Apache-2.0
"""Which providers a list shows."""

from nova_lite.placement import errors
from nova_lite.placement.objects import query


class Filter:
    """The conditions of one list request; those that are not given do not restrict."""

    def __init__(self, uuid=None, name=None, in_tree=None, resources=None, required=(), forbidden=(), member_of=(),
                 not_member_of=()):
        self.uuid, self.name, self.in_tree = uuid, name, in_tree
        self.resources = resources or {}
        self.required, self.forbidden = required, forbidden
        self.member_of, self.not_member_of = member_of, not_member_of

    def apply(self, state):
        """The providers that fit, in order of creation. Raises BadRequest for an unknown trait or class."""
        if self.in_tree and self.in_tree not in state.by_uuid:
            return []
        self._check_names(state)
        found = list(state.providers.values())
        if self.uuid:
            found = [p for p in found if p.uuid == self.uuid]
        if self.name:
            found = [p for p in found if p.name == self.name]
        if self.in_tree:
            root = state.by_uuid[self.in_tree].root_id
            found = [p for p in found if p.root_id == root]
        if self.required or self.forbidden:
            found = [p for p in found if p.has_traits(self.required, self.forbidden)]
        if self.member_of:
            found = [p for p in found if p.is_member_of(self.member_of)]
        if self.not_member_of:
            found = [p for p in found if p.aggregates.isdisjoint(self.not_member_of)]
        if self.resources:
            wanted = list(self.resources.items())
            found = [p for p in found if p.has_room(wanted)]
        return found

    def _check_names(self, state):
        for name in (*(n for any_of in self.required for n in any_of), *self.forbidden):
            if name not in state.trait_rows:
                raise errors.BadRequest(f'Invalid trait(s) in "required" parameter: No such trait(s): {name}.')
        for name in self.resources:
            if name not in state.class_rows:
                raise errors.BadRequest('Invalid resource class in resources parameter: '
                                        f'No such resource class {name}.')


def from_query(call, params):
    """Read the query of a list request. Raises BadRequest."""
    given = {name: params[name] for name in ('uuid', 'name', 'in_tree') if name in params}
    if 'member_of' in params:
        given['member_of'], given['not_member_of'] = query.aggregates(call, 'member_of')
    if 'required' in params:
        given['required'], given['forbidden'] = query.traits(call, 'required')
    if 'resources' in params:
        given['resources'] = query.resources(params['resources'])
    return Filter(**given)
