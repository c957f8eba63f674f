# SPDX-License-Identifier: Apache-2.0
"""Rules: tags of servers."""

from nova_lite.policies import base

DELETE_ALL = 'os_compute_api:os-server-tags:delete_all'
INDEX = 'os_compute_api:os-server-tags:index'
UPDATE_ALL = 'os_compute_api:os-server-tags:update_all'
DELETE = 'os_compute_api:os-server-tags:delete'
UPDATE = 'os_compute_api:os-server-tags:update'
SHOW = 'os_compute_api:os-server-tags:show'

RULES = [
    base.rule(DELETE_ALL, base.MEMBER, 'Remove all tags of a server.', 'DELETE /servers/{server_id}/tags'),
    base.rule(INDEX, base.READER, 'List the tags of a server.', 'GET /servers/{server_id}/tags'),
    base.rule(UPDATE_ALL, base.MEMBER, 'Replace the tags of a server.', 'PUT /servers/{server_id}/tags'),
    base.rule(DELETE, base.MEMBER, 'Remove one tag of a server.', 'DELETE /servers/{server_id}/tags/{tag}'),
    base.rule(UPDATE, base.MEMBER, 'Add one tag to a server.', 'PUT /servers/{server_id}/tags/{tag}'),
    base.rule(SHOW, base.READER, 'Find out whether a server has a tag.', 'GET /servers/{server_id}/tags/{tag}'),
]
