# SPDX-License-Identifier: Apache-2.0
"""AggregateMultiTenancyIsolation: hosts set aside for some projects take these projects only."""

from nova_lite.scheduler.kinds import Filter

KEY = 'filter_tenant_id'


class AggregateMultiTenancyIsolation(Filter):
    """The metadata `filter_tenant_id`, with any suffix, names projects; a host that none names takes all."""

    def reason_against(self, host, request):
        named = tenants(host.aggregates)
        return 'is set aside for other projects' if named and request.wish.project_id not in named else None


def tenants(aggregates):
    """The projects that aggregates name."""
    return {project.strip() for aggregate in aggregates for key, value in aggregate.metadata.items()
            if key.startswith(KEY) for project in value.split(',')}
