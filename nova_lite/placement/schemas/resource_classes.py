# SPDX-License-Identifier: Apache-2.0
"""Bodies of resource classes."""

from nova_lite.placement.schemas.common import closed
from nova_lite.placement.validation import Schema

NAMED = Schema(closed({'name': {'type': 'string', 'maxLength': 255, 'pattern': '^CUSTOM_[A-Z0-9_]+$'}}, ['name']))
