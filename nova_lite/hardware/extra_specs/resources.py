# SPDX-License-Identifier: Apache-2.0
"""resources and trait: what is asked of placement. A group may follow the namespace: `resources1:VCPU`."""

import os_resource_classes
import os_traits

from nova_lite.hardware.extra_specs.kinds import Choice, Integer

_GROUP = '([a-zA-Z0-9_-]{1,64})?'
_TRAITS = '|'.join(sorted(os_traits.get_traits()))
_CLASSES = '|'.join(os_resource_classes.STANDARDS)

EXACT = {'group_policy': Choice('isolate', 'none')}
PATTERNS = [
    (f'resources{_GROUP}:(CUSTOM_[A-Z0-9_]+|{_CLASSES})', Integer()),
    (f'trait{_GROUP}:(CUSTOM_[A-Z0-9_]+|{_TRAITS})', Choice('required', 'forbidden')),
]
