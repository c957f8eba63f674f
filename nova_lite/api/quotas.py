# SPDX-License-Identifier: Apache-2.0
"""What several resources show of quotas: how much of each is used, and which are gone since which version."""

from nova_lite.api import microversions
from nova_lite.db import quota_limits, quotas, server_groups


def usages(tx, project_id, user_id=None):
    """resource -> amount used; 0 for what is not counted for a project (key pairs are counted for each user)."""
    found = quota_limits.usage_of_user(tx, project_id, user_id) if user_id else quotas.usages(tx, project_id)
    return dict.fromkeys(quota_limits.RESOURCES, 0) | found | {'server_groups': server_groups.count(tx, project_id)}


def shown(version, network_gone=microversions.PROXIES_GONE):
    """The resources that exist at `version`."""
    gone = quota_limits.NETWORK if version >= network_gone else ()
    if version >= microversions.PERSONALITY_GONE:
        gone += quota_limits.FILES
    return [name for name in quota_limits.RESOURCES if name not in gone]
