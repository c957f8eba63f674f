# SPDX-License-Identifier: Apache-2.0
"""Rules: default quotas."""

from nova_lite.policies import base

SHOW = 'os_compute_api:os-quota-class-sets:show'
UPDATE = 'os_compute_api:os-quota-class-sets:update'

RULES = [
    base.rule(SHOW, base.ADMIN, 'Show the quotas of a class.', 'GET /os-quota-class-sets/{quota_class}'),
    base.rule(UPDATE, base.ADMIN, 'Change the quotas of a class.', 'PUT /os-quota-class-sets/{quota_class}'),
]
