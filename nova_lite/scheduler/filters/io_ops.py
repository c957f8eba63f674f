# SPDX-License-Identifier: Apache-2.0
"""IoOpsFilter and AggregateIoOpsFilter: not too many servers being built, resized or copied at once."""

from nova_lite.scheduler.kinds import Filter, smallest


class IoOpsFilter(Filter):
    """Fewer than `max_io_ops_per_host`."""

    counts = ('io_ops',)

    def reason_against(self, host, request):
        return 'is busy with as many servers as it may' if host.io_ops >= self._most(host) else None

    def _most(self, host):
        return self.conf.filter_scheduler.max_io_ops_per_host


class AggregateIoOpsFilter(IoOpsFilter):
    """As IoOpsFilter; the aggregates' metadata `max_io_ops_per_host`, the smallest one, goes before the option."""

    def _most(self, host):
        return smallest(host.values_of('max_io_ops_per_host'), super()._most(host))
