# SPDX-License-Identifier: Apache-2.0
"""Bodies of extra specs."""

from nova_lite.api.schemas import types
from nova_lite.api.validation import schemas

_SPECS = {'type': 'object', 'patternProperties': {types.METADATA_KEY: {'type': ['string', 'number'], 'maxLength': 255}},
          'additionalProperties': False}

CREATE = schemas((None, None, types.closed({'extra_specs': _SPECS}, 'extra_specs')))
UPDATE = schemas((None, None, {**_SPECS, 'minProperties': 1, 'maxProperties': 1}))
