# SPDX-License-Identifier: Apache-2.0
"""DifferentHostFilter and SameHostFilter: away from, or beside, the servers that a hint names."""

from nova_lite.scheduler.kinds import Filter
from nova_lite.scheduler.request import hinted_servers


class DifferentHostFilter(Filter):
    """Hint `different_host`: not the hosts of these servers."""

    def concerns(self, request):
        return 'different_host' in request.wish.scheduler_hints

    def reason_against(self, host, request):
        return 'holds a server of the hint different_host' if host.host in _hosts(request, 'different_host') else None


class SameHostFilter(Filter):
    """Hint `same_host`: only the hosts of these servers."""

    def concerns(self, request):
        return 'same_host' in request.wish.scheduler_hints

    def reason_against(self, host, request):
        return None if host.host in _hosts(request, 'same_host') else 'holds no server of the hint same_host'


def _hosts(request, hint):
    return {request.hinted.get(uuid) for uuid in hinted_servers(request.wish.scheduler_hints, hint)}
