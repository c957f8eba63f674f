# SPDX-License-Identifier: Apache-2.0
"""Bodies of allocations: of one consumer, of many, and as the reshaper takes them."""

from nova_lite.placement.schemas.common import (
    CONSUMER_TYPE,
    INTEGER,
    NAME_KEY,
    OWNER_ID,
    UUID,
    UUID_KEY,
    Windows,
    closed,
    keyed,
)
from nova_lite.placement.validation import Schema

_RESOURCES = keyed(NAME_KEY, {'type': 'integer', 'minimum': 1}, minProperties=1)
_LIST = {'type': 'array', 'minItems': 1, 'items': closed(
    {'resource_provider': closed({'uuid': UUID}, ['uuid']), 'resources': _RESOURCES},
    ['resource_provider', 'resources'])}
_MAPPINGS = {'type': 'object', 'minProperties': 1, 'patternProperties': {
    '[a-zA-Z0-9_-]{1,64}': {'type': 'array', 'minItems': 1, 'items': UUID}}}


def _by_provider(at_least):
    return keyed(UUID_KEY, closed({'generation': INTEGER, 'resources': _RESOURCES}, ['resources']),
                 minProperties=at_least)


def _consumer(minor, at_least):
    """One consumer's claim from 1.12 on."""
    properties = {'allocations': _by_provider(at_least), 'project_id': OWNER_ID, 'user_id': OWNER_ID}
    if minor >= 28:
        properties['consumer_generation'] = {'type': ['integer', 'null']}
    if minor >= 38:
        properties['consumer_type'] = CONSUMER_TYPE
    required = list(properties)
    if minor >= 34:
        properties['mappings'] = _MAPPINGS
    return closed(properties, required)


def of_consumers(minor, at_least):
    return keyed(UUID_KEY, _consumer(minor, 0), minProperties=at_least)


REPLACE = Windows(
    (0, Schema(closed({'allocations': _LIST}, ['allocations']))),
    (8, Schema(closed({'allocations': _LIST, 'project_id': OWNER_ID, 'user_id': OWNER_ID},
                      ['allocations', 'project_id', 'user_id']))),
    (12, Schema(_consumer(12, 1))),
    *((minor, Schema(_consumer(minor, 0))) for minor in (28, 34, 38)))
REPLACE_MANY = Windows(*((minor, Schema(of_consumers(minor, 1))) for minor in (13, 28, 34, 38)))
