# SPDX-License-Identifier: Apache-2.0
"""Rules: flavors."""

from nova_lite.policies import base

CREATE = 'os_compute_api:os-flavor-manage:create'
UPDATE = 'os_compute_api:os-flavor-manage:update'
DELETE = 'os_compute_api:os-flavor-manage:delete'

RULES = [
    base.rule(CREATE, base.ADMIN, 'Create a flavor.', 'POST /flavors'),
    base.rule(UPDATE, base.ADMIN, 'Change the description of a flavor.', 'PUT /flavors/{flavor_id}'),
    base.rule(DELETE, base.ADMIN, 'Delete a flavor.', 'DELETE /flavors/{flavor_id}'),
]
