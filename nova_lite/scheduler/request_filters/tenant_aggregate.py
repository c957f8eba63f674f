# SPDX-License-Identifier: Apache-2.0
"""require_tenant_aggregate: projects that aggregates name are placed there only."""

from nova_lite.scheduler.filters.aggregate_tenants import tenants
from nova_lite.scheduler.kinds import RequestFilter


class TenantAggregate(RequestFilter):
    """On with `limit_tenants_to_placement_aggregate`; `placement_aggregate_required_for_tenants` refuses the rest."""

    checks_hosts = True

    def concerns(self, request):
        return self.conf.scheduler.limit_tenants_to_placement_aggregate

    def narrow(self, query, request):
        uuids = [each.uuid for each in request.aggregates if request.wish.project_id in tenants([each])]
        if uuids:
            query.member_of(uuids)

    def reason_against(self, host, request):
        project = request.wish.project_id
        if project in tenants(host.aggregates):
            return None
        if self.conf.scheduler.placement_aggregate_required_for_tenants:
            return 'is in no aggregate of the project'
        elsewhere = any(project in tenants([each]) for each in request.aggregates)
        return 'is not in the aggregate of the project' if elsewhere else None
