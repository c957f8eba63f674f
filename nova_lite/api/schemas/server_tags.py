# SPDX-License-Identifier: Apache-2.0
"""Schemas of the tags of servers."""

from nova_lite.api.schemas import server_parts as parts
from nova_lite.api.schemas import types
from nova_lite.api.validation import Schema, schemas

REPLACE = schemas((None, None, types.closed({'tags': parts.TAGS}, 'tags')))
UPDATE = schemas((None, None, {'type': 'null'}))
TAG = Schema(parts.TAG)
