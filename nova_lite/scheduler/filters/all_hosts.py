# SPDX-License-Identifier: Apache-2.0
"""AllHostsFilter: no question asked."""

from nova_lite.scheduler.kinds import Filter


class AllHostsFilter(Filter):
    """Every host passes."""

    def concerns(self, request):
        return False

    def reason_against(self, host, request):
        return None
