# SPDX-License-Identifier: Apache-2.0
"""Which projects may use a private flavor."""

from nova_lite import errors
from nova_lite.api import microversions, projects
from nova_lite.api.handlers import flavors as flavor_handlers
from nova_lite.api.operation import operation
from nova_lite.api.schemas import flavor_access as schemas
from nova_lite.api.schemas import types
from nova_lite.api.views import flavor_access as views
from nova_lite.db import flavors
from nova_lite.policies import flavor_access as rules


@operation(query=types.NO_QUERY)
def index(req, flavor_id):
    """GET /flavors/{flavor_id}/os-flavor-access"""
    req.authorize(rules.INDEX)
    with req.cells.api.read() as tx:
        flavor = flavors.get(tx, flavor_id, viewer=flavor_handlers.viewer(req))
        if flavor.is_public:
            raise errors.NotFound('Access list not available for public flavors.')
        return views.page(flavor, flavors.projects(tx, flavor))


@operation(body=schemas.ADD)
def add(req, flavor_id):
    """POST /flavors/{flavor_id}/action (addTenantAccess)"""
    req.authorize(rules.ADD, {})
    project_id = req.body['addTenantAccess']['tenant']
    projects.verify(req, project_id)
    return req.cells.api.transact(_add, req, flavor_id, project_id)


@operation(body=schemas.REMOVE)
def remove(req, flavor_id):
    """POST /flavors/{flavor_id}/action (removeTenantAccess)"""
    req.authorize(rules.REMOVE, {})
    return req.cells.api.transact(_remove, flavor_id, req.body['removeTenantAccess']['tenant'])


def _add(tx, req, flavor_id, project_id):
    flavor = flavors.get(tx, flavor_id)
    if flavor.is_public and req.version >= microversions.FLAVOR_ACCESS_CHECKED:
        raise errors.Conflict('Can not add access to a public flavor.')
    flavors.add_project(tx, flavor, project_id)
    return views.page(flavor, flavors.projects(tx, flavor))


def _remove(tx, flavor_id, project_id):
    flavor = flavors.get(tx, flavor_id)
    flavors.remove_project(tx, flavor, project_id)
    return views.page(flavor, flavors.projects(tx, flavor))
