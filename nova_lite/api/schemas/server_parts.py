# SPDX-License-Identifier: Apache-2.0
"""Pieces that the schemas of servers and of what belongs to them have in common."""

from nova_lite.api.schemas import types
from nova_lite.api.validation import schemas

UUID = {'type': 'string', 'format': 'uuid'}
DESCRIPTION = {'type': ['string', 'null'], 'format': 'printable', 'minLength': 0, 'maxLength': 255}
IP_ADDRESS = {'type': 'string', 'oneOf': [{'format': 'ipv4'}, {'format': 'ipv6'}]}
TAG = {'type': 'string', 'pattern': '^[^,/]*$', 'minLength': 1, 'maxLength': 60}
TAGS = {'type': 'array', 'items': TAG, 'maxItems': 50}
COUNT = types.LIMIT_ITEM | {'minimum': 1}
TIME = {'type': 'string', 'format': 'date-time'}
METADATA = {'type': 'object', 'additionalProperties': False,
            'patternProperties': {types.METADATA_KEY: {'type': 'string', 'maxLength': 255}}}


def action(name, content=None):
    """The schema of an action's body; `content` None takes anything."""
    return schemas(('2.0', None, types.closed({name: content or {}}, name)))


def rows(make, *boundaries):
    """(low, high, make(low)) for each version at which a schema changes; the last one has no end."""
    for low, following in zip(boundaries, (*boundaries[1:], None), strict=True):
        yield f'2.{low}', None if following is None else f'2.{following - 1}', make(low)
