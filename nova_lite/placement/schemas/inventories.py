# SPDX-License-Identifier: Apache-2.0
"""Bodies of inventories."""

from nova_lite.placement.schemas.common import INTEGER, MAX_INT, NAME_KEY, closed, keyed
from nova_lite.placement.validation import Schema

_FROM_ONE = {'type': 'integer', 'minimum': 1, 'maximum': MAX_INT}
_INVENTORY = {
    'resource_provider_generation': INTEGER,
    'total': _FROM_ONE,
    'reserved': {'type': 'integer', 'minimum': 0, 'maximum': MAX_INT},
    'min_unit': _FROM_ONE,
    'max_unit': _FROM_ONE,
    'step_size': _FROM_ONE,
    # The largest number of a column FLOAT.
    'allocation_ratio': {'type': 'number', 'maximum': 3.40282e+38},
}
# A key that is no class name passes here and is refused as an unknown class.
OF_PROVIDER = closed({
    'resource_provider_generation': INTEGER,
    'inventories': {'type': 'object', 'patternProperties': {NAME_KEY: closed(_INVENTORY, ['total'])}},
}, ['resource_provider_generation', 'inventories'])
OF_PROVIDERS = keyed('^[0-9a-fA-F-]{36}$', OF_PROVIDER, minProperties=1)

CREATE = Schema(closed({'resource_class': {'type': 'string', 'pattern': NAME_KEY}, **_INVENTORY},
                       ['total', 'resource_class']))
UPDATE = Schema(closed(_INVENTORY, ['total', 'resource_provider_generation']))
REPLACE = Schema(OF_PROVIDER)
