# SPDX-License-Identifier: Apache-2.0
"""SimpleCIDRAffinityFilter: near an address."""

import ipaddress

from nova_lite.scheduler.kinds import Filter


class SimpleCIDRAffinityFilter(Filter):
    """Hints `build_near_host_ip` and `cidr` (default `/24`): only hosts whose address is in that network."""

    def concerns(self, request):
        return bool(request.hint('build_near_host_ip'))

    def reason_against(self, host, request):
        near = str(request.hint('build_near_host_ip')) + str(request.hint('cidr', '/24'))
        try:
            inside = ipaddress.ip_address(host.facts.get('host_ip', '')) in ipaddress.ip_network(near, strict=False)
        except ValueError:
            return f'cannot be compared with {near}'
        return None if inside else f'is not in {near}'
