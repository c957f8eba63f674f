# SPDX-License-Identifier: Apache-2.0
"""The question to placement: which providers have room for a flavor. Pure: flavor and image in, parameters out.

What must hold is in `required`; `aggregates` only narrows the answer, and every narrowing is checked again on the
hosts themselves (`doc/adr/0052`), so it may be left out.
"""

import math
import re

_SPEC = re.compile(r'^(resources|trait)([A-Za-z0-9_-]{1,64})?:(.+)$')


class Query:
    """The parameters of GET /allocation_candidates. Groups are keyed by suffix, '' being the unnumbered one."""

    def __init__(self):
        self.resources = {}
        self.required = {}
        self.forbidden = {}
        self.aggregates = []
        self.not_aggregates = []
        self.in_tree = None
        self.group_policy = None

    def require(self, trait, group=''):
        self.required.setdefault(group, set()).add(trait)

    def forbid(self, trait, group=''):
        self.forbidden.setdefault(group, set()).add(trait)

    def member_of(self, uuids):
        """Only providers in one of these aggregates; several calls must hold together."""
        self.aggregates.append(sorted(uuids))

    def not_member_of(self, uuids):
        """No provider in one of these aggregates."""
        self.not_aggregates.append(sorted(uuids))

    @property
    def narrowed(self):
        return bool(self.aggregates or self.not_aggregates)

    def parameters(self, limit, *, narrow=True):
        """(key, value) pairs. `narrow` False leaves the aggregates out."""
        pairs = []
        for group in sorted(set(self.resources) | set(self.required) | set(self.forbidden)):
            amounts = {name: n for name, n in self.resources.get(group, {}).items() if n}
            if amounts:
                pairs.append((f'resources{group}', ','.join(f'{name}:{n}' for name, n in sorted(amounts.items()))))
            traits = sorted(self.required.get(group, ())) + ['!' + t for t in sorted(self.forbidden.get(group, ()))]
            if traits:
                pairs.append((f'required{group}', ','.join(traits)))
        if narrow:
            pairs += [('member_of', 'in:' + ','.join(uuids)) for uuids in self.aggregates]
            pairs += [('member_of', '!in:' + ','.join(uuids)) for uuids in self.not_aggregates]
        if self.in_tree:
            pairs.append(('in_tree', self.in_tree))
        if len([group for group in self.resources if group]) > 1 or self.group_policy:
            pairs.append(('group_policy', self.group_policy or 'none'))
        pairs.append(('limit', str(limit)))
        return pairs


def of(request):
    """The Query for a request: the flavor's amounts, its overrides, and the traits of flavor and image."""
    wish, query = request.wish, Query()
    query.resources[''] = flavor_resources(wish.flavor, wish.volume_backed, _dedicated(request))
    for key, value in wish.flavor.extra_specs.items():
        _apply_spec(query, key, value)
    for key, value in (wish.image.properties if wish.image else {}).items():
        if key.startswith('trait:') and value == 'required':
            query.require(key.removeprefix('trait:'))
    if request.nodes is not None and len(request.nodes) == 1:
        query.in_tree = request.nodes[0]
    return query


def flavor_resources(flavor, volume_backed=False, dedicated=False):
    """Resource class -> amount of a flavor. Swap (MiB) is rounded up to GiB; a root disk on a volume takes nothing."""
    disk = (0 if volume_backed else flavor.root_gb) + flavor.ephemeral_gb + math.ceil(flavor.swap / 1024)
    amounts = {'PCPU' if dedicated else 'VCPU': flavor.vcpus, 'MEMORY_MB': flavor.memory_mb, 'DISK_GB': disk}
    return {name: amount for name, amount in amounts.items() if amount}


def _dedicated(request):
    policy = request.specs.get('hw:cpu_policy') or request.image_properties().get('hw_cpu_policy')
    return policy == 'dedicated'


def _apply_spec(query, key, value):
    if key == 'group_policy':
        query.group_policy = value if value in ('none', 'isolate') else None
        return
    match = _SPEC.match(key)
    if match is None:
        return
    kind, group, name = match[1], match[2] or '', match[3]
    if kind == 'resources' and value.isdecimal():
        query.resources.setdefault(group, {})[name] = int(value)
    elif kind == 'trait' and value == 'required':
        query.require(name, group)
    elif kind == 'trait' and value == 'forbidden':
        query.forbid(name, group)
