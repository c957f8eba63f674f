# SPDX-License-Identifier: Apache-2.0
"""Rules: metadata of servers."""

from nova_lite.policies import base

INDEX = 'os_compute_api:server-metadata:index'
SHOW = 'os_compute_api:server-metadata:show'
CREATE = 'os_compute_api:server-metadata:create'
UPDATE_ALL = 'os_compute_api:server-metadata:update_all'
UPDATE = 'os_compute_api:server-metadata:update'
DELETE = 'os_compute_api:server-metadata:delete'

RULES = [
    base.rule(INDEX, base.READER, 'List the metadata of a server.', 'GET /servers/{server_id}/metadata'),
    base.rule(SHOW, base.READER, 'Show one metadata item of a server.', 'GET /servers/{server_id}/metadata/{key}'),
    base.rule(CREATE, base.MEMBER, 'Add metadata to a server.', 'POST /servers/{server_id}/metadata'),
    base.rule(UPDATE_ALL, base.MEMBER, 'Replace the metadata of a server.', 'PUT /servers/{server_id}/metadata'),
    base.rule(UPDATE, base.MEMBER, 'Set one metadata item of a server.', 'PUT /servers/{server_id}/metadata/{key}'),
    base.rule(DELETE, base.MEMBER, 'Remove one metadata item of a server.',
              'DELETE /servers/{server_id}/metadata/{key}'),
]
