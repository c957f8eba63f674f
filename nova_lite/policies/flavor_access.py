# SPDX-License-Identifier: Apache-2.0
"""Rules: which projects may use a private flavor."""

from nova_lite.policies import base

ADD = 'os_compute_api:os-flavor-access:add_tenant_access'
REMOVE = 'os_compute_api:os-flavor-access:remove_tenant_access'
INDEX = 'os_compute_api:os-flavor-access'

RULES = [
    base.rule(ADD, base.ADMIN, 'Let a project use a private flavor.',
              'POST /flavors/{flavor_id}/action (addTenantAccess)'),
    base.rule(REMOVE, base.ADMIN, 'Let a project no longer use a private flavor.',
              'POST /flavors/{flavor_id}/action (removeTenantAccess)'),
    base.rule(INDEX, base.ADMIN, 'List the projects that may use a private flavor.',
              'GET /flavors/{flavor_id}/os-flavor-access', replaces=base.deprecated(INDEX, 'rule:admin_or_owner')),
]
