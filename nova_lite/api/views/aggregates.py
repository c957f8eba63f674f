# SPDX-License-Identifier: Apache-2.0
"""How host aggregates look."""

from nova_lite.api import microversions
from nova_lite.api.views import times


def brief(req, aggregate):
    """A new aggregate: without hosts and metadata."""
    found = {
        'id': aggregate.id,
        'name': aggregate.name,
        'availability_zone': aggregate.zone,
        'created_at': times.naive(aggregate.created_at),
        'updated_at': times.naive(aggregate.updated_at),
        'deleted': False,
        'deleted_at': None,
    }
    if req.version >= microversions.AGGREGATE_UUID:
        found['uuid'] = aggregate.uuid
    return found


def whole(req, aggregate):
    """An aggregate with everything."""
    return brief(req, aggregate) | {'hosts': aggregate.hosts, 'metadata': aggregate.metadata}
