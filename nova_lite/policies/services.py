# SPDX-License-Identifier: Apache-2.0
"""Rules: services."""

from nova_lite.policies import base

LIST = 'os_compute_api:os-services:list'
UPDATE = 'os_compute_api:os-services:update'
DELETE = 'os_compute_api:os-services:delete'

RULES = [
    base.rule(LIST, base.ADMIN, 'List the services.', 'GET /os-services', replaces='os_compute_api:os-services'),
    base.rule(UPDATE, base.ADMIN, 'Enable, disable or force down a service.',
              'PUT /os-services/{service_id}', replaces='os_compute_api:os-services'),
    base.rule(DELETE, base.ADMIN, 'Delete a service.',
              'DELETE /os-services/{service_id}', replaces='os_compute_api:os-services'),
]
