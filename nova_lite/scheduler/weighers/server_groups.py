# SPDX-License-Identifier: Apache-2.0
"""ServerGroupSoftAffinityWeigher and ServerGroupSoftAntiAffinityWeigher: members together, or apart, if it can be."""

from nova_lite.scheduler.kinds import Weigher


class _GroupWeigher(Weigher):
    policy = None

    def concerns(self, request):
        return request.group is not None and request.group.policy == self.policy

    def weight(self, host, request):
        return request.group.hosts_of_others(request.wish.server_uuid).get(host.host, 0)


class ServerGroupSoftAffinityWeigher(_GroupWeigher):
    option = 'soft_affinity_weight_multiplier'
    policy = 'soft-affinity'


class ServerGroupSoftAntiAffinityWeigher(_GroupWeigher):
    option = 'soft_anti_affinity_weight_multiplier'
    policy = 'soft-anti-affinity'

    def weight(self, host, request):
        return -super().weight(host, request)
