# SPDX-License-Identifier: Apache-2.0
"""Schemas of the tags of servers."""

from nova_lite.api.schemas import server_parts as types
from nova_lite.api.validation import Schema, schemas

REPLACE = schemas((None, None, types.closed({'tags': types.TAGS}, ['tags'])))
UPDATE = schemas((None, None, {'type': 'null'}))
TAG = Schema(types.TAG)
