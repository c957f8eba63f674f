# SPDX-License-Identifier: Apache-2.0
"""Queries of allocation candidates."""

from nova_lite.placement.schemas.common import STRING, Windows, closed
from nova_lite.placement.validation import Schema

_LIMIT = {'type': ['integer', 'string'], 'pattern': '^[1-9][0-9]*$', 'minimum': 1, 'minLength': 1}
_POLICY = {'type': 'string', 'enum': ['none', 'isolate']}
NUMBER = '[1-9][0-9]*'
NAME = '[a-zA-Z0-9_-]{1,64}'


def _flat(*names):
    properties = {'resources': STRING, **dict.fromkeys(names, STRING)}
    if 'limit' in names:
        properties['limit'] = _LIMIT
    return Schema(closed(properties, ['resources']))


def _grouped(suffix, keys, **more):
    return Schema({
        'type': 'object', 'additionalProperties': False,
        'properties': {'limit': _LIMIT, 'group_policy': _POLICY, **more},
        'patternProperties': {f'^{key}({suffix})?$': STRING for key in keys}})


_KEYS = ('resources', 'required', 'member_of')
LIST = Windows(
    (10, _flat()),
    (16, _flat('limit')),
    (17, _flat('limit', 'required')),
    (21, _flat('limit', 'required', 'member_of')),
    (25, _grouped(NUMBER, _KEYS)),
    (31, _grouped(NUMBER, (*_KEYS, 'in_tree'))),
    (33, _grouped(NAME, (*_KEYS, 'in_tree'))),
    (35, _grouped(NAME, (*_KEYS, 'in_tree'), root_required=STRING)),
    (36, _grouped(NAME, (*_KEYS, 'in_tree'), root_required=STRING, same_subtree=STRING)))
