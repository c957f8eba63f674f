# SPDX-License-Identifier: Apache-2.0
"""HypervisorVersionWeigher: newer hypervisors first."""

from nova_lite.scheduler.kinds import Weigher


class HypervisorVersionWeigher(Weigher):
    option = 'hypervisor_version_weight_multiplier'

    def weight(self, host, request):
        return host.facts.get('hypervisor_version') or 0
