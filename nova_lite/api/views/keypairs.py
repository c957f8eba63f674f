# SPDX-License-Identifier: Apache-2.0
"""How key pairs look."""

from nova_lite.api import microversions
from nova_lite.api.views import times


def brief(req, keypair):
    """A key pair in a list."""
    found = {'name': keypair.name, 'public_key': keypair.public_key, 'fingerprint': keypair.fingerprint}
    if req.version >= microversions.KEYPAIR_TYPES:
        found['type'] = keypair.type
    return {'keypair': found}


def created(req, keypair, private_key):
    """A new key pair; `private_key` is shown this once, None where the user brought the public one."""
    found = brief(req, keypair)
    found['keypair']['user_id'] = keypair.user_id
    if private_key is not None:
        found['keypair']['private_key'] = private_key
    return found


def whole(req, keypair):
    """A key pair with everything."""
    found = brief(req, keypair)
    found['keypair'] |= {'user_id': keypair.user_id, 'id': keypair.id, 'created_at': times.naive(keypair.created_at),
                         'updated_at': None, 'deleted': False, 'deleted_at': None}
    return found


def page(keypairs, next_links):
    """A list of key pairs, already in their own view."""
    found = {'keypairs': keypairs}
    if next_links:
        found['keypairs_links'] = next_links
    return found
