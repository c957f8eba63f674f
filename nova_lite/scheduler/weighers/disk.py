# SPDX-License-Identifier: Apache-2.0
"""DiskWeigher: free disk."""

from nova_lite.scheduler.kinds import Weigher


class DiskWeigher(Weigher):
    option = 'disk_weight_multiplier'
    lowest = 0

    def weight(self, host, request):
        return host.free_disk_gb
