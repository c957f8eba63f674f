# SPDX-License-Identifier: Apache-2.0
"""RAMWeigher: free memory."""

from nova_lite.scheduler.kinds import Weigher


class RAMWeigher(Weigher):
    option = 'ram_weight_multiplier'
    lowest = 0

    def weight(self, host, request):
        return host.free_ram_mb
