# SPDX-License-Identifier: Apache-2.0
"""AggregateTypeAffinityFilter: hosts set aside for some flavors take these only."""

from nova_lite.scheduler.kinds import Filter


class AggregateTypeAffinityFilter(Filter):
    """The metadata `instance_type` names flavors; a host that none names takes all."""

    def reason_against(self, host, request):
        named = host.values_of('instance_type')
        return 'is set aside for other flavors' if named and request.wish.flavor.name not in named else None
