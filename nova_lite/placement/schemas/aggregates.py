# SPDX-License-Identifier: Apache-2.0
"""Bodies of a provider's aggregates: a bare list up to 1.18, an object with the generation after it."""

from nova_lite.placement.schemas.common import INTEGER, UUID, Windows, closed
from nova_lite.placement.validation import Schema

_UUIDS = {'type': 'array', 'items': UUID, 'uniqueItems': True}
REPLACE = Windows(
    (1, Schema(_UUIDS)),
    (19, Schema(closed({'aggregates': _UUIDS, 'resource_provider_generation': INTEGER},
                       ['aggregates', 'resource_provider_generation']))))
