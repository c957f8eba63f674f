# SPDX-License-Identifier: Apache-2.0
"""NumInstancesWeigher: servers on the host; off by default, negative spreads them."""

from nova_lite.scheduler.kinds import Weigher


class NumInstancesWeigher(Weigher):
    option = 'num_instances_weight_multiplier'
    counts = ('servers',)

    def weight(self, host, request):
        return host.servers
