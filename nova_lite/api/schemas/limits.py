# SPDX-License-Identifier: Apache-2.0
"""Queries of limits."""

from nova_lite.api.schemas import types
from nova_lite.api.validation import schemas

_TENANT = {'tenant_id': types.TEXT}

QUERY = schemas(('2.1', '2.74', types.query(_TENANT)), ('2.75', None, types.query(_TENANT, strict=True)))
