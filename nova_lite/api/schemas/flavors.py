# SPDX-License-Identifier: Apache-2.0
"""Bodies and queries of flavors."""

from nova_lite.api.schemas import types
from nova_lite.api.validation import schemas

_ID = {'type': ['string', 'number', 'null'], 'minLength': 1, 'maxLength': 255,
       'pattern': '^(?! )[a-zA-Z0-9. _-]+(?<! )$'}
# The largest number that a column of single precision holds.
_RXTX_FACTOR = {'type': ['number', 'string'], 'pattern': r'^[0-9]+(\.[0-9]+)?$', 'minimum': 0,
                'exclusiveMinimum': 0, 'maximum': 3.40282e+38}
_DESCRIPTION = {'type': ['string', 'null'], 'minLength': 0, 'maxLength': 65535, 'format': 'printable'}
_FIELDS = {
    'name': types.NAME,
    'id': _ID,
    'ram': types.integer(1),
    'vcpus': types.integer(1),
    'disk': types.integer(0),
    'OS-FLV-EXT-DATA:ephemeral': types.integer(0),
    'swap': types.integer(0),
    'os-flavor-access:is_public': types.BOOLEAN,
}
_REQUIRED = ('name', 'ram', 'vcpus', 'disk')
_WITH_FACTOR = {**_FIELDS, 'rxtx_factor': _RXTX_FACTOR}


def _create(fields):
    return types.enclosed('flavor', fields, *_REQUIRED)


CREATE = schemas(
    ('2.0', '2.0', _create({**_WITH_FACTOR, 'name': types.LEGACY_NAME})),
    ('2.1', '2.54', _create(_WITH_FACTOR)),
    ('2.55', '2.101', _create({**_WITH_FACTOR, 'description': _DESCRIPTION})),
    ('2.102', None, _create({**_FIELDS, 'description': _DESCRIPTION})),
)
UPDATE = schemas(('2.55', None, types.enclosed('flavor', {'description': _DESCRIPTION}, 'description')))

_SORT_KEYS = ['created_at', 'description', 'disabled', 'ephemeral_gb', 'flavorid', 'id', 'is_public', 'memory_mb',
              'name', 'root_gb', 'swap', 'updated_at', 'vcpu_weight', 'vcpus']


def _index(sort_keys, **more):
    return {**types.PAGE, 'is_public': types.TEXT, 'minRam': types.TEXT, 'minDisk': types.TEXT,
            'sort_key': types.several({'type': 'string', 'enum': sort_keys}),
            'sort_dir': types.several({'type': 'string', 'enum': ['asc', 'desc']}), **more}


INDEX_QUERY = schemas(
    ('2.0', '2.74', types.query(_index([*_SORT_KEYS, 'rxtx_factor']))),
    ('2.75', '2.101', types.query(_index([*_SORT_KEYS, 'rxtx_factor']), strict=True)),
    ('2.102', None, types.query(_index(_SORT_KEYS, name=types.TEXT), strict=True)),
)
