# SPDX-License-Identifier: Apache-2.0
"""Bodies and queries of resource providers."""

from nova_lite.placement.schemas.common import STRING, UUID, Windows, closed
from nova_lite.placement.validation import Schema, is_dashed_uuid

_NAME = {'type': 'string', 'maxLength': 200}
_PARENT = {'anyOf': [UUID, {'type': 'null'}]}

CREATE = Windows(
    (0, Schema(closed({'name': _NAME, 'uuid': UUID}, ['name']))),
    (14, Schema(closed({'name': _NAME, 'uuid': UUID, 'parent_provider_uuid': _PARENT}, ['name']))))
UPDATE = Windows(
    (0, Schema(closed({'name': _NAME}, ['name']))),
    (14, Schema(closed({'name': _NAME, 'parent_provider_uuid': _PARENT}, ['name']))))

_QUERY = [(0, {'name': STRING, 'uuid': UUID}), (3, {'member_of': STRING}), (4, {'resources': STRING}),
          (14, {'in_tree': UUID}), (18, {'required': STRING})]
LIST = Windows(*(
    (minor, Schema(closed({k: v for m, new in _QUERY if m <= minor for k, v in new.items()}), is_dashed_uuid))
    for minor, _ in _QUERY))
