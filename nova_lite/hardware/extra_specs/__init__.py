# SPDX-License-Identifier: Apache-2.0
"""Extra specs of flavors: which are known, and which values they take. Names and rules are Nova's (2.86).

A namespace that is known accepts the specs it knows, and no others; any other namespace, or none, accepts everything.
"""

import re

from nova_lite.hardware.extra_specs import capabilities, hw, quota, resources, various
from nova_lite.hardware.extra_specs.kinds import InvalidExtraSpec

_EXACT = {}
_PATTERNS = []
for _namespace in (capabilities, hw, quota, resources, various):
    _EXACT.update(_namespace.EXACT)
    _PATTERNS.extend((re.compile(pattern), kind) for pattern, kind in _namespace.PATTERNS)

_NAMESPACES = re.compile(
    'accel|aggregate_instance_extra_specs|capabilities|hw|hw_rng|hw_video|os|pci_passthrough|quota|vmware'
    '|resources([a-zA-Z0-9_-]{1,64})?|trait([a-zA-Z0-9_-]{1,64})?')


def validate(key, value):
    """Raise InvalidExtraSpec unless the extra spec `key` may be `value` (both texts)."""
    kind = _EXACT.get(key) or next((kind for pattern, kind in _PATTERNS if pattern.fullmatch(key)), None)
    if kind is not None:
        kind.check(key, value)
        return
    namespace, colon, _rest = key.partition(':')
    if colon and _NAMESPACES.fullmatch(namespace):
        raise InvalidExtraSpec(f"Validation failed; extra spec '{key}' does not appear to be a valid extra spec.")
