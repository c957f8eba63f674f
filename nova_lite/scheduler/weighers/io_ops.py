# SPDX-License-Identifier: Apache-2.0
"""IoOpsWeigher: servers being built, resized or copied; by default less is better."""

from nova_lite.scheduler.kinds import Weigher


class IoOpsWeigher(Weigher):
    option = 'io_ops_weight_multiplier'
    counts = ('io_ops',)
    lowest = 0

    def weight(self, host, request):
        return host.io_ops
