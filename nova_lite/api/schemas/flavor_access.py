# SPDX-License-Identifier: Apache-2.0
"""Bodies of flavor access."""

from nova_lite.api.schemas import types
from nova_lite.api.validation import schemas

_TENANT = {'tenant': types.PROJECT_ID}

ADD = schemas((None, None, types.enclosed('addTenantAccess', _TENANT, 'tenant')))
REMOVE = schemas((None, None, types.enclosed('removeTenantAccess', _TENANT, 'tenant')))
