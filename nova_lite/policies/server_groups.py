# SPDX-License-Identifier: Apache-2.0
"""Rules: server groups."""

from nova_lite.policies import base

CREATE = 'os_compute_api:os-server-groups:create'
DELETE = 'os_compute_api:os-server-groups:delete'
INDEX = 'os_compute_api:os-server-groups:index'
INDEX_ALL = 'os_compute_api:os-server-groups:index:all_projects'
SHOW = 'os_compute_api:os-server-groups:show'

RULES = [
    base.rule(CREATE, base.MEMBER, 'Create a server group.', 'POST /os-server-groups'),
    base.rule(DELETE, base.MEMBER, 'Delete a server group.', 'DELETE /os-server-groups/{server_group_id}'),
    base.rule(INDEX, base.READER, 'List the server groups of a project.', 'GET /os-server-groups'),
    base.rule(INDEX_ALL, base.ADMIN, 'List the server groups of all projects.', 'GET /os-server-groups'),
    base.rule(SHOW, base.READER, 'Show a server group.', 'GET /os-server-groups/{server_group_id}'),
]
