# SPDX-License-Identifier: Apache-2.0
"""Pieces that the schemas of servers and what belongs to them have in common."""

from nova_lite.api.validation import schemas

UUID = {'type': 'string', 'format': 'uuid'}
NAME = {'type': 'string', 'format': 'name', 'minLength': 1, 'maxLength': 255}
LOOSE_NAME = NAME | {'format': 'name_with_leading_trailing_spaces'}
DESCRIPTION = {'type': ['string', 'null'], 'format': 'printable', 'minLength': 0, 'maxLength': 255}
IP_ADDRESS = {'type': 'string', 'oneOf': [{'format': 'ipv4'}, {'format': 'ipv6'}]}
TAG = {'type': 'string', 'pattern': '^[^,/]*$', 'minLength': 1, 'maxLength': 60}
TAGS = {'type': 'array', 'items': TAG, 'maxItems': 50}
POSITIVE = {'type': ['integer', 'string'], 'pattern': '^[0-9]*$', 'minimum': 1, 'minLength': 1}
NOT_NEGATIVE = POSITIVE | {'minimum': 0}
BOOLEAN = {'type': ['boolean', 'string'], 'enum': [
    True, 'True', 'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes',
    False, 'False', 'FALSE', 'false', '0', 'OFF', 'Off', 'off', 'NO', 'No', 'no']}
METADATA = {'type': 'object', 'additionalProperties': False,
            'patternProperties': {'^[-a-zA-Z0-9_:. ]{1,255}$': {'type': 'string', 'maxLength': 255}}}


def closed(properties, required=()):
    """An object with these properties and no other."""
    definition = {'type': 'object', 'properties': properties, 'additionalProperties': False}
    return definition | ({'required': list(required)} if required else {})


def param(item):
    """A query parameter that may come more than once."""
    return {'type': 'array', 'items': item}


def action(name, content=None):
    """The schema of an action's body; `content` None takes anything."""
    return schemas(('2.0', None, closed({name: content or {}}, [name])))


def rows(make, *boundaries):
    """(low, high, make(low)) for each version at which a schema changes; the last one has no end."""
    for low, following in zip(boundaries, (*boundaries[1:], None), strict=True):
        yield f'2.{low}', None if following is None else f'2.{following - 1}', make(low)


NO_PARAMS = schemas(
    (None, '2.101', {'type': 'object', 'properties': {}, 'additionalProperties': True}),
    ('2.102', None, {'type': 'object', 'properties': {}, 'additionalProperties': False}))
