# SPDX-License-Identifier: Apache-2.0
"""Bodies and queries of services."""

from nova_lite.api.schemas import types
from nova_lite.api.validation import schemas

_REASON = {'type': 'string', 'minLength': 1, 'maxLength': 255}
_BY_HOST = {'host': types.HOSTNAME, 'binary': _REASON, 'disabled_reason': _REASON}

UPDATE = schemas(
    ('2.0', '2.10', types.closed(_BY_HOST, 'host', 'binary')),
    ('2.11', '2.52', types.closed({**_BY_HOST, 'forced_down': types.BOOLEAN}, 'host', 'binary')),
    ('2.53', None, types.closed({'status': {'type': 'string', 'enum': ['enabled', 'disabled']},
                                 'disabled_reason': _REASON, 'forced_down': types.BOOLEAN})),
)

_FILTERS = {'host': types.TEXT, 'binary': types.TEXT}
INDEX_QUERY = schemas(('2.0', '2.74', types.query(_FILTERS)), ('2.75', None, types.query(_FILTERS, strict=True)))
