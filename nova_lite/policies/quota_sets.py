# SPDX-License-Identifier: Apache-2.0
"""Rules: quotas of projects."""

from nova_lite.policies import base

UPDATE = 'os_compute_api:os-quota-sets:update'
DEFAULTS = 'os_compute_api:os-quota-sets:defaults'
SHOW = 'os_compute_api:os-quota-sets:show'
DELETE = 'os_compute_api:os-quota-sets:delete'
DETAIL = 'os_compute_api:os-quota-sets:detail'

RULES = [
    base.rule(UPDATE, base.ADMIN, 'Change the quotas of a project or a user.', 'PUT /os-quota-sets/{project_id}'),
    base.rule(DEFAULTS, base.ANYBODY, 'Show the default quotas.', 'GET /os-quota-sets/{project_id}/defaults'),
    base.rule(SHOW, base.READER, 'Show the quotas of a project or a user.', 'GET /os-quota-sets/{project_id}'),
    base.rule(DELETE, base.ADMIN, 'Let the defaults rule a project or a user again.',
              'DELETE /os-quota-sets/{project_id}'),
    base.rule(DETAIL, base.READER, 'Show the quotas of a project with what is used.',
              'GET /os-quota-sets/{project_id}/detail'),
]
