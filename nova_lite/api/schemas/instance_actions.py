# SPDX-License-Identifier: Apache-2.0
"""Schemas of instance actions."""

from nova_lite.api.schemas import server_parts as types
from nova_lite.api.validation import schemas

_ANY = {'type': 'object', 'properties': {}, 'additionalProperties': True}
_TIME = {'type': 'string', 'format': 'date-time'}


def _once(item):
    return types.param(item) | {'maxItems': 1}


_PAGE = {'limit': _once(types.NOT_NEGATIVE), 'marker': _once({'type': 'string'}), 'changes-since': _once(_TIME)}

INDEX = schemas(
    (None, '2.57', _ANY),
    ('2.58', '2.65', types.closed(_PAGE)),
    ('2.66', None, types.closed(_PAGE | {'changes-before': _once(_TIME)})))
SHOW = types.NO_PARAMS
