# SPDX-License-Identifier: Apache-2.0
"""NumInstancesFilter and AggregateNumInstancesFilter: not too many servers."""

from nova_lite.scheduler.kinds import Filter, smallest


class NumInstancesFilter(Filter):
    """Fewer than `max_instances_per_host`."""

    counts = ('servers',)

    def reason_against(self, host, request):
        return 'holds as many servers as it may' if host.servers >= self._most(host) else None

    def _most(self, host):
        return self.conf.filter_scheduler.max_instances_per_host


class AggregateNumInstancesFilter(NumInstancesFilter):
    """As NumInstancesFilter; the aggregates' metadata `max_instances_per_host`, the smallest one, goes first."""

    def _most(self, host):
        return smallest(host.values_of('max_instances_per_host'), super()._most(host))
