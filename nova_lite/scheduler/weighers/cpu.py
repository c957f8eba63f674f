# SPDX-License-Identifier: Apache-2.0
"""CPUWeigher: free processors, the allocation ratio included."""

from nova_lite.scheduler.kinds import Weigher


class CPUWeigher(Weigher):
    option = 'cpu_weight_multiplier'
    lowest = 0

    def weight(self, host, request):
        return host.free_vcpus
