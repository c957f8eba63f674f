# SPDX-License-Identifier: Apache-2.0
"""Rules: key pairs."""

from nova_lite.policies import base

_OWN = '(rule:context_is_admin) or user_id:%(user_id)s'

INDEX = 'os_compute_api:os-keypairs:index'
CREATE = 'os_compute_api:os-keypairs:create'
DELETE = 'os_compute_api:os-keypairs:delete'
SHOW = 'os_compute_api:os-keypairs:show'

RULES = [
    base.rule(INDEX, _OWN, 'List the key pairs of a user.', 'GET /os-keypairs'),
    base.rule(CREATE, _OWN, 'Create a key pair for a user.', 'POST /os-keypairs'),
    base.rule(DELETE, _OWN, 'Delete a key pair of a user.', 'DELETE /os-keypairs/{keypair_name}'),
    base.rule(SHOW, _OWN, 'Show a key pair of a user.', 'GET /os-keypairs/{keypair_name}'),
]
