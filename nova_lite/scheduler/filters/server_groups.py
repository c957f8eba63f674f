# SPDX-License-Identifier: Apache-2.0
"""ServerGroupAffinityFilter and ServerGroupAntiAffinityFilter: members of a group together, or apart.

The same rules are asked again in the transaction that claims the place; here they only save a claim in vain.
"""

from nova_lite.scheduler.kinds import Filter

APART = 'anti-affinity'
TOGETHER = 'affinity'


class ServerGroupAffinityFilter(Filter):
    """Only the hosts of the other members, once one of them is placed."""

    def concerns(self, request):
        return request.group is not None and request.group.policy == TOGETHER

    def reason_against(self, host, request):
        return breach(request.group, request.wish.server_uuid, host.host)


class ServerGroupAntiAffinityFilter(Filter):
    """Not the hosts that hold `max_server_per_host` (default 1) of the other members."""

    def concerns(self, request):
        return request.group is not None and request.group.policy == APART

    def reason_against(self, host, request):
        return breach(request.group, request.wish.server_uuid, host.host)


def breach(group, server_uuid, host):
    """A few words how a member on `host` would break the group's policy; None if it would not."""
    if group.policy == TOGETHER:
        others = group.hosts_of_others(server_uuid)
        return 'holds no member of the affinity group' if others and host not in others else None
    if group.policy == APART:
        most = int(group.rules.get('max_server_per_host') or 1)
        there = group.hosts_of_others(server_uuid).get(host, 0)
        return 'holds members of the anti-affinity group' if there >= most else None
    return None
