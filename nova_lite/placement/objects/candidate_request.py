# SPDX-License-Identifier: Apache-2.0
"""What a request for allocation candidates asks for, read from its query."""

import re
from typing import NamedTuple

from nova_lite.placement import errors
from nova_lite.placement.objects import query
from nova_lite.placement.schemas.allocation_candidates import NAME, NUMBER

_KEY = '^(resources|required|member_of|in_tree)({})?$'
_NUMBERED, _NAMED = re.compile(_KEY.format(NUMBER)), re.compile(_KEY.format(NAME))


class Group:
    """Resources and traits wanted together: of one provider if the group has a suffix, else anywhere in a tree."""

    def __init__(self, suffix):
        self.suffix = suffix
        self.resources = {}
        self.required, self.forbidden = [], set()
        self.member_of, self.not_member_of = [], set()
        self.in_tree = None


class Request(NamedTuple):
    """All groups by suffix, and what holds for them together."""

    groups: dict
    limit: int | None
    isolate: bool
    root_required: set
    root_forbidden: set
    same_subtree: list
    may_nest: bool


def from_call(call):
    """Read the query, which its schema has passed already. Raises BadRequest."""
    limit = call.values('limit')
    policy = call.values('group_policy')
    root_required, root_forbidden = _root_traits(call)
    same_subtree = _same_subtree(call)
    groups = _groups(call)
    if call.since(36):
        _check_suffixes(groups, same_subtree)
    else:
        _check_orphans(groups)
    if call.since(22):
        _check_conflicts(groups)
    if not policy and sum(bool(suffix) for suffix in groups) > 1:
        raise errors.BadRequest('The "group_policy" parameter is required when specifying more than one "resources{N}" '
                                'parameter.')
    return Request(groups, int(limit[0]) if limit else None, bool(policy) and policy[0] == 'isolate', root_required,
                   root_forbidden, same_subtree, call.since(29))


def _root_traits(call):
    values = call.values('root_required')
    if len(values) > 1:
        raise errors.BadRequest("Query parameter 'root_required' may be specified only once.",
                                code=errors.QUERY_DUPLICATE_KEY)
    if not values:
        return set(), set()
    required, forbidden = query.plain_traits(values[0])
    if conflicts := sorted(required & forbidden):
        raise errors.BadRequest('Conflicting required and forbidden traits found in root_required: '
                                + ', '.join(conflicts), code=errors.QUERY_BAD_VALUE)
    return required, forbidden


def _same_subtree(call):
    sets = [{part.strip() for part in value.split(',')} for value in call.values('same_subtree')]
    if any('' in suffixes for suffixes in sets):
        raise errors.BadRequest('Empty string (unsuffixed group) can not be specified in `same_subtree` ',
                                code=errors.QUERY_BAD_VALUE)
    return sets


def _groups(call):
    pattern = _NAMED if call.since(33) else _NUMBERED
    groups = {}
    for key, value in call.pairs:
        match = pattern.match(key)
        if not match:
            continue
        kind, suffix = match[1], match[2] or ''
        group = groups.get(suffix)
        if group is None:
            group = groups[suffix] = Group(suffix)
        if kind == 'resources':
            group.resources = query.resources(value)
        elif kind == 'required':
            group.required, group.forbidden = query.traits(call, key)
        elif kind == 'member_of':
            group.member_of, group.not_member_of = query.aggregates(call, key)
        else:
            group.in_tree = query.in_tree(value)
    return groups


def _check_suffixes(groups, same_subtree):
    """From 1.36 a group may ask for no resources if it is bound to a subtree."""
    bound = set().union(*same_subtree)
    resourceless = [suffix for suffix, group in groups.items() if not group.resources]
    if len(resourceless) == len(groups):
        raise errors.BadRequest('There must be at least one resources or resources[$S] parameter.',
                                code=errors.QUERY_MISSING_VALUE)
    if bad := [suffix for suffix in resourceless if suffix not in bound]:
        raise errors.BadRequest('Resourceless suffixed group request should be specified in `same_subtree` query '
                                f'param: bad group(s) - {bad}.', code=errors.QUERY_BAD_VALUE)
    if bad := [suffix for suffix in bound if suffix not in groups]:
        raise errors.BadRequest(f'Real suffixes should be specified in `same_subtree`: {bad} not found in '
                                f'{list(groups)}.', code=errors.QUERY_BAD_VALUE)


def _check_orphans(groups):
    orphans = [f'required{suffix}' for suffix, g in groups.items() if g.required and not g.resources]
    if orphans:
        raise errors.BadRequest('All traits parameters must be associated with resources.  Found the following '
                                f'orphaned traits keys: {", ".join(orphans)}')
    orphans = [f'member_of{suffix}' for suffix, g in groups.items()
               if not g.resources and (g.member_of or g.not_member_of)]
    if orphans:
        raise errors.BadRequest('All member_of parameters must be associated with resources. Found the following '
                                f'orphaned member_of keys: {", ".join(orphans)}')
    if not all(g.resources for g in groups.values()):
        raise errors.BadRequest('All request groups must specify resources.')
    if not groups:
        raise errors.BadRequest('At least one request group (`resources` or `resources{$S}`) is required.')


def _check_conflicts(groups):
    conflicts = [f'required{suffix}: ({", ".join(sorted(any_of))})' for suffix, g in groups.items()
                 for any_of in g.required if any_of <= g.forbidden]
    if conflicts:
        raise errors.BadRequest('Conflicting required and forbidden traits found in the following traits keys: '
                                + ', '.join(sorted(conflicts)))
