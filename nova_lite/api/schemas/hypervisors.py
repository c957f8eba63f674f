# SPDX-License-Identifier: Apache-2.0
"""Queries of hypervisors."""

from nova_lite.api.schemas import types
from nova_lite.api.validation import schemas

_WITH_SERVERS = {'with_servers': types.single(types.BOOLEAN)}

INDEX_QUERY = schemas(
    ('2.1', '2.32', types.query({})),
    ('2.33', '2.52', types.query(types.PAGE)),
    ('2.53', None, types.query({
        'limit': types.single(types.LIMIT_ITEM), 'marker': types.single({'type': 'string'}),
        'hypervisor_hostname_pattern': types.single(types.HOSTNAME), **_WITH_SERVERS}, strict=True)),
)
SHOW_QUERY = schemas(('2.1', '2.52', types.query({})), ('2.53', None, types.query(_WITH_SERVERS, strict=True)))
