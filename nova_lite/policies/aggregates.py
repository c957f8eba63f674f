# SPDX-License-Identifier: Apache-2.0
"""Rules: host aggregates."""

from nova_lite.policies import base

SET_METADATA = 'os_compute_api:os-aggregates:set_metadata'
ADD_HOST = 'os_compute_api:os-aggregates:add_host'
CREATE = 'os_compute_api:os-aggregates:create'
REMOVE_HOST = 'os_compute_api:os-aggregates:remove_host'
UPDATE = 'os_compute_api:os-aggregates:update'
INDEX = 'os_compute_api:os-aggregates:index'
DELETE = 'os_compute_api:os-aggregates:delete'
SHOW = 'os_compute_api:os-aggregates:show'

RULES = [
    base.rule(SET_METADATA, base.ADMIN, 'Change the metadata of an aggregate.',
              'POST /os-aggregates/{aggregate_id}/action (set_metadata)'),
    base.rule(ADD_HOST, base.ADMIN, 'Add a host to an aggregate.',
              'POST /os-aggregates/{aggregate_id}/action (add_host)'),
    base.rule(CREATE, base.ADMIN, 'Create an aggregate.', 'POST /os-aggregates'),
    base.rule(REMOVE_HOST, base.ADMIN, 'Remove a host from an aggregate.',
              'POST /os-aggregates/{aggregate_id}/action (remove_host)'),
    base.rule(UPDATE, base.ADMIN, 'Change the name or the zone of an aggregate.', 'PUT /os-aggregates/{aggregate_id}'),
    base.rule(INDEX, base.ADMIN, 'List the aggregates.', 'GET /os-aggregates'),
    base.rule(DELETE, base.ADMIN, 'Delete an aggregate.', 'DELETE /os-aggregates/{aggregate_id}'),
    base.rule(SHOW, base.ADMIN, 'Show an aggregate.', 'GET /os-aggregates/{aggregate_id}'),
]
