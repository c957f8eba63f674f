# SPDX-License-Identifier: Apache-2.0
"""Rules: extra specs of flavors."""

from nova_lite.policies import base

SHOW = 'os_compute_api:os-flavor-extra-specs:show'
CREATE = 'os_compute_api:os-flavor-extra-specs:create'
UPDATE = 'os_compute_api:os-flavor-extra-specs:update'
DELETE = 'os_compute_api:os-flavor-extra-specs:delete'
INDEX = 'os_compute_api:os-flavor-extra-specs:index'

RULES = [
    base.rule(SHOW, base.READER, 'Show one extra spec of a flavor.', 'GET /flavors/{flavor_id}/os-extra_specs/{key}'),
    base.rule(CREATE, base.ADMIN, 'Give extra specs to a flavor.', 'POST /flavors/{flavor_id}/os-extra_specs'),
    base.rule(UPDATE, base.ADMIN, 'Change one extra spec of a flavor.',
              'PUT /flavors/{flavor_id}/os-extra_specs/{key}'),
    base.rule(DELETE, base.ADMIN, 'Remove one extra spec of a flavor.',
              'DELETE /flavors/{flavor_id}/os-extra_specs/{key}'),
    base.rule(INDEX, base.READER, 'List the extra specs of a flavor, and see them in flavors.',
              'GET /flavors/{flavor_id}/os-extra_specs', 'GET /flavors/detail', 'GET /flavors/{flavor_id}',
              'POST /flavors', 'PUT /flavors/{flavor_id}'),
]
