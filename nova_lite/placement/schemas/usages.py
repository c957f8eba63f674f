# SPDX-License-Identifier: Apache-2.0
"""Queries of usages."""

from nova_lite.placement.schemas.common import OWNER_ID, Windows, closed
from nova_lite.placement.validation import Schema

_OWNER = {'project_id': OWNER_ID, 'user_id': OWNER_ID}
_TYPE = {'type': 'string', 'minLength': 1, 'maxLength': 255, 'pattern': '^[A-Z0-9_]+$|^all|^unknown$'}
LIST = Windows(
    (9, Schema(closed(_OWNER, ['project_id']))),
    (38, Schema(closed({**_OWNER, 'consumer_type': _TYPE}, ['project_id']))))
