# SPDX-License-Identifier: Apache-2.0
"""The pieces that bodies and queries are made of: bounded numbers, names, booleans, lists of query values."""

from nova_lite.api.validation import schemas

BOOLEAN = {
    'type': ['boolean', 'string'],
    'enum': [True, 'True', 'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes',
             False, 'False', 'FALSE', 'false', '0', 'OFF', 'Off', 'off', 'NO', 'No', 'no'],
}
_TRUE = frozenset(value for value in BOOLEAN['enum'][:11] if isinstance(value, str))

NAME = {'type': 'string', 'minLength': 1, 'maxLength': 255, 'format': 'name'}
LEGACY_NAME = {**NAME, 'format': 'name_with_leading_trailing_spaces'}
HOSTNAME = {'type': 'string', 'minLength': 1, 'maxLength': 255, 'pattern': '^[a-zA-Z0-9._-]*$'}
PROJECT_ID = {'type': 'string', 'minLength': 1, 'maxLength': 255}
METADATA_KEY = '^[a-zA-Z0-9_:. -]{1,255}$'

# The largest number a database column holds.
MOST = 2147483647


def integer(low, high=MOST):
    """A whole number of at least `low`, or the digits of one."""
    return {'type': ['integer', 'string'], 'pattern': '^-?[0-9]+$' if low < 0 else '^[0-9]+$',
            'minimum': low, 'maximum': high}


def is_true(value):
    """The truth of what BOOLEAN accepts."""
    return value is True or value in _TRUE


def closed(properties, *required, **more):
    """An object of these properties and no others."""
    found = {'type': 'object', 'properties': properties, 'additionalProperties': False, **more}
    return {**found, 'required': list(required)} if required else found


def enclosed(name, properties, *required, **more):
    """An object that holds one, as bodies do: `{'flavor': {...}}`."""
    return closed({name: closed(properties, *required, **more)}, name)


def several(schema):
    """A query parameter that may be given more than once."""
    return {'type': 'array', 'items': schema}


def single(schema):
    """A query parameter that may be given once."""
    return {**several(schema), 'maxItems': 1}


def query(properties, strict=False):
    """A query of these parameters; others are dropped, or refused when `strict`."""
    return {'type': 'object', 'properties': properties, 'additionalProperties': not strict}


TEXT = several({'type': 'string'})
LIMIT_ITEM = {'type': ['integer', 'string'], 'pattern': '^[0-9]*$', 'minimum': 0, 'minLength': 1}
LIMIT = several(LIMIT_ITEM)
PAGE = {'limit': LIMIT, 'marker': TEXT}

# Most operations know no parameter; from 2.102 on they say so.
NO_QUERY = schemas(('2.0', '2.101', query({})), ('2.102', None, query({}, strict=True)))
