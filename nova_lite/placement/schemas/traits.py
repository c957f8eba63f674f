# SPDX-License-Identifier: Apache-2.0
"""Bodies and queries of traits."""

from nova_lite.placement.schemas.common import CUSTOM_NAME, INTEGER, STRING, closed
from nova_lite.placement.validation import Schema

NAME = Schema(CUSTOM_NAME)
LIST = Schema(closed({'name': STRING, 'associated': STRING}))
OF_PROVIDER = Schema(closed({
    'resource_provider_generation': INTEGER,
    'traits': {'type': 'array', 'items': {'type': 'string', 'minLength': 1, 'maxLength': 255}},
}, ['traits', 'resource_provider_generation']))
