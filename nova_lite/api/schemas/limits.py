# SPDX-License-Identifier: Apache-2.0
"""Queries of limits."""

from nova_lite.api.schemas import types
from nova_lite.api.validation import schemas

# The openstack command always sends `reserved`, which no version of Nova knows; it means nothing (doc/differences.md).
_KNOWN = {'tenant_id': types.TEXT, 'reserved': types.TEXT}

QUERY = schemas(('2.1', '2.74', types.query(_KNOWN)), ('2.75', None, types.query(_KNOWN, strict=True)))
