# SPDX-License-Identifier: Apache-2.0
"""Bodies and queries of server groups."""

from nova_lite.api.schemas import types
from nova_lite.api.validation import schemas

_HARD = ['anti-affinity', 'affinity']
_ALL = [*_HARD, 'soft-anti-affinity', 'soft-affinity']


def _with_policies(names):
    policies = {'type': 'array', 'minItems': 1, 'maxItems': 1, 'items': {'type': 'string', 'enum': names}}
    return types.enclosed('server_group', {'name': types.NAME, 'policies': policies}, 'name', 'policies')


_MAX_PER_HOST = {'type': ['integer', 'string'], 'pattern': '^[0-9]*$', 'minimum': 1, 'minLength': 1,
                 'maximum': types.MOST}

CREATE = schemas(
    ('2.0', '2.14', _with_policies(_HARD)),
    ('2.15', '2.63', _with_policies(_ALL)),
    ('2.64', None, types.enclosed('server_group', {
        'name': types.NAME, 'policy': {'type': 'string', 'enum': _ALL},
        'rules': types.closed({'max_server_per_host': _MAX_PER_HOST})}, 'name', 'policy')),
)

_PAGE = {'all_projects': types.TEXT, 'limit': types.LIMIT, 'offset': types.LIMIT}
INDEX_QUERY = schemas(('2.0', '2.74', types.query(_PAGE)), ('2.75', None, types.query(_PAGE, strict=True)))
