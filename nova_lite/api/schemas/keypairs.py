# SPDX-License-Identifier: Apache-2.0
"""Bodies and queries of key pairs."""

from nova_lite.api.schemas import types
from nova_lite.api.validation import schemas


def _name(characters):
    return {**types.NAME, 'pattern': f'^[{characters}]+$'}


_TYPE = {'type': 'string', 'enum': ['ssh', 'x509']}
_V21 = {'name': _name('_ a-zA-Z0-9-'), 'public_key': {'type': 'string'}}
_V22 = {**_V21, 'type': _TYPE}
# Longer than its column is no user's id.
_V210 = {**_V22, 'user_id': {'type': 'string', 'maxLength': 255}}

CREATE = schemas(
    ('2.0', '2.0', types.enclosed('keypair', {**_V21, 'name': types.LEGACY_NAME}, 'name')),
    ('2.1', '2.1', types.enclosed('keypair', _V21, 'name')),
    ('2.2', '2.9', types.enclosed('keypair', _V22, 'name')),
    ('2.10', '2.91', types.enclosed('keypair', _V210, 'name')),
    ('2.92', None, types.enclosed('keypair', {**_V210, 'name': _name('_@. a-zA-Z0-9-')}, 'name', 'public_key')),
)

_USER = {'user_id': types.TEXT}

QUERY = schemas(
    ('2.0', '2.9', types.query({})),
    ('2.10', '2.74', types.query(_USER)),
    ('2.75', None, types.query(_USER, strict=True)),
)
INDEX_QUERY = schemas(
    ('2.0', '2.9', types.query({})),
    ('2.10', '2.34', types.query(_USER)),
    ('2.35', '2.74', types.query(_USER | types.PAGE)),
    ('2.75', None, types.query(_USER | types.PAGE, strict=True)),
)
