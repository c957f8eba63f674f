# SPDX-License-Identifier: Apache-2.0
"""Bodies of host aggregates."""

from nova_lite.api.schemas import types
from nova_lite.api.validation import schemas


def _zone(format):
    return {'oneOf': [{**types.NAME, 'format': format}, {'type': 'null'}]}


_ZONE = _zone('az_name')
_LEGACY = {'name': types.LEGACY_NAME, 'availability_zone': _zone('az_name_with_leading_trailing_spaces')}
_ANY = {'anyOf': [{'required': ['name']}, {'required': ['availability_zone']}]}
_HOST = {'host': types.HOSTNAME}
_METADATA = {'type': 'object', 'additionalProperties': False,
             'patternProperties': {types.METADATA_KEY: {'type': ['string', 'null'], 'maxLength': 255}}}

CREATE = schemas(
    ('2.0', '2.0', types.enclosed('aggregate', _LEGACY, 'name')),
    ('2.1', None, types.enclosed('aggregate', {'name': types.NAME, 'availability_zone': _ZONE}, 'name')),
)
UPDATE = schemas(
    ('2.0', '2.0', types.enclosed('aggregate', _LEGACY, **_ANY)),
    ('2.1', None, types.enclosed('aggregate', {'name': types.LEGACY_NAME, 'availability_zone': _ZONE}, **_ANY)),
)
ADD_HOST = schemas((None, None, types.enclosed('add_host', _HOST, 'host')))
REMOVE_HOST = schemas((None, None, types.enclosed('remove_host', _HOST, 'host')))
SET_METADATA = schemas((None, None, types.enclosed('set_metadata', {'metadata': _METADATA}, 'metadata')))
