# SPDX-License-Identifier: Apache-2.0
"""Bodies of the quotas of classes."""

from nova_lite.api.schemas import quota_sets, types
from nova_lite.api.validation import schemas
from nova_lite.db import quota_limits


def _update(*gone):
    return types.closed({'quota_class_set': types.closed(quota_sets.limits(*gone))}, 'quota_class_set')


UPDATE = schemas(
    ('2.1', '2.49', _update()),
    ('2.50', '2.56', _update(*quota_limits.NETWORK)),
    ('2.57', None, _update(*quota_limits.NETWORK, *quota_limits.FILES)),
)
