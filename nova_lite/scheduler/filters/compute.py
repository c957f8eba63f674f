# SPDX-License-Identifier: Apache-2.0
"""ComputeFilter: the host's nova-compute is there, enabled and up."""

from nova_lite.scheduler.kinds import Filter


class ComputeFilter(Filter):
    """A host passes whose service is enabled, not forced down, and seen within `service_down_time`."""

    def reason_against(self, host, request):
        if host.up and host.disabled is False:
            return None
        if host.disabled is None:
            return 'has no nova-compute service'
        if host.disabled:
            return 'service is disabled'
        return 'service is forced down' if host.forced_down else 'service is down'
