# SPDX-License-Identifier: Apache-2.0
"""Schemas of the metadata of servers."""

from nova_lite.api.schemas import server_parts as parts
from nova_lite.api.schemas import types
from nova_lite.api.validation import schemas

INDEX = SHOW = types.NO_QUERY
REPLACE = schemas((None, None, types.closed({'metadata': parts.METADATA}, 'metadata')))
UPDATE = schemas((None, None, types.closed(
    {'meta': parts.METADATA | {'minProperties': 1, 'maxProperties': 1}}, 'meta')))
