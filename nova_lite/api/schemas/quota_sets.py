# SPDX-License-Identifier: Apache-2.0
"""Bodies and queries of quotas."""

from nova_lite.api.schemas import types
from nova_lite.api.validation import schemas
from nova_lite.db import quota_limits

LIMIT = types.integer(-1)


def limits(*gone):
    """A limit of every resource but those that are gone."""
    return {name: LIMIT for name in quota_limits.RESOURCES if name not in gone}


def _update(*gone):
    return types.closed({'quota_set': types.closed({**limits(*gone), 'force': types.BOOLEAN})}, 'quota_set')


UPDATE = schemas(
    ('2.0', '2.35', _update()),
    ('2.36', '2.56', _update(*quota_limits.NETWORK)),
    ('2.57', None, _update(*quota_limits.NETWORK, *quota_limits.FILES)),
)

_USER = {'user_id': types.TEXT}
QUERY = schemas(('2.0', '2.74', types.query(_USER)), ('2.75', None, types.query(_USER, strict=True)))
DEFAULTS_QUERY = schemas((None, None, types.query({})))
