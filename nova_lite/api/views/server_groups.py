# SPDX-License-Identifier: Apache-2.0
"""How server groups look."""

from nova_lite.api import microversions


def whole(req, group):
    """A server group."""
    found = {'id': group.uuid, 'name': group.name, 'members': list(group.members)}
    if req.version >= microversions.SERVER_GROUP_POLICY:
        found |= {'policy': group.policy, 'rules': group.rules}
    else:
        found |= {'policies': [group.policy], 'metadata': {}}
    if req.version >= microversions.SERVER_GROUP_OWNERS:
        found |= {'project_id': group.project_id, 'user_id': group.user_id}
    return found
