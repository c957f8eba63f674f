# SPDX-License-Identifier: Apache-2.0
"""Limits of one's own project, and for administrators those of others."""

from nova_lite.api import quotas
from nova_lite.api.operation import operation
from nova_lite.api.schemas import limits as schemas
from nova_lite.api.views import limits as views
from nova_lite.db import quota_limits
from nova_lite.policies import limits as rules


@operation(query=schemas.QUERY)
def index(req):
    """GET /limits"""
    req.authorize(rules.LIMITS, {})
    project_id = req.context.project_id or ''
    if 'tenant_id' in req.query:
        project_id = req.param('tenant_id')
        req.authorize(rules.OTHER_PROJECT)
    with req.cells.api.read() as tx:
        return views.whole(req, quota_limits.of_project(tx, req.conf, project_id), quotas.usages(tx, project_id))
