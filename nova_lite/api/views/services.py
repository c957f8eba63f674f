# SPDX-License-Identifier: Apache-2.0
"""How services look."""

from nova_lite.api import microversions
from nova_lite.api.views import times


def whole(req, service, zone):
    """A service (a row of `db.services`) in `zone`."""
    found = {
        'id': service.uuid if req.version >= microversions.SERVICE_UUIDS else service.id,
        'binary': service.binary,
        'host': service.host,
        'zone': zone,
        'status': 'disabled' if service.disabled else 'enabled',
        'state': 'up' if service.up else 'down',
        'updated_at': times.naive(service.last_seen_up or service.updated_at),
        'disabled_reason': service.disabled_reason,
    }
    if req.version >= microversions.SERVICE_FORCED_DOWN:
        found['forced_down'] = service.forced_down
    return found
