# SPDX-License-Identifier: Apache-2.0
"""Schemas of instance actions."""

from nova_lite.api.schemas import server_parts as parts
from nova_lite.api.schemas import types
from nova_lite.api.validation import schemas

_PAGE = {'limit': types.single(types.LIMIT_ITEM), 'marker': types.single({'type': 'string'}),
         'changes-since': types.single(parts.TIME)}

INDEX = schemas(
    (None, '2.57', types.query({})),
    ('2.58', '2.65', types.query(_PAGE, strict=True)),
    ('2.66', None, types.query(_PAGE | {'changes-before': types.single(parts.TIME)}, strict=True)))
SHOW = types.NO_QUERY
