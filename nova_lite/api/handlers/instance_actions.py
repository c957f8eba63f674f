# SPDX-License-Identifier: Apache-2.0
"""Instance actions: what was done to a server, and how it went. Those of deleted servers too (2.21)."""

from nova_lite import errors
from nova_lite.api import microversions as mv
from nova_lite.api import pagination
from nova_lite.api.formats import parse_time
from nova_lite.api.handlers.server_find import find
from nova_lite.api.operation import operation
from nova_lite.api.schemas import instance_actions as schemas
from nova_lite.api.views import instance_actions as views
from nova_lite.db import instance_actions
from nova_lite.policies import instance_actions as rules


@operation(query=schemas.INDEX)
def index(req, server_id):
    """GET /servers/{server_id}/os-instance-actions"""
    found = _server(req, server_id)
    req.authorize(rules.LIST, {'project_id': found.row.project_id})
    paged = req.version >= mv.ACTION_PAGES
    wanted = {}
    if paged:
        since, before = changes(req)
        wanted = {'limit': pagination.limit(req), 'marker': pagination.marker(req), 'changes_since': since,
                  'changes_before': before}
    with req.cells.get(found.cell).read() as tx:
        rows = instance_actions.page(tx, server_id, **wanted)
    view = {'instanceActions': [views.action(row, req.version) for row in rows]}
    if paged:
        path = f'servers/{server_id}/os-instance-actions'
        links = pagination.next_links(req, path, len(rows), lambda: rows[-1].request_id)
        if links:
            view['links'] = links
    return view


@operation(query=schemas.SHOW)
def show(req, server_id, request_id):
    """GET /servers/{server_id}/os-instance-actions/{request_id}"""
    found = _server(req, server_id)
    target = {'project_id': found.row.project_id}
    req.authorize(rules.SHOW, target)
    with req.cells.get(found.cell).read() as tx:
        order = instance_actions.get(tx, server_id, request_id)
        steps = instance_actions.events(tx, order.id) if order is not None else []
    if order is None:
        raise errors.NotFound(f'Action {request_id} not found')
    view = views.action(order, req.version)
    sees_all = req.allows(rules.EVENTS, target)
    if sees_all or req.version >= mv.VOLUME_EXTENDED_EVENT:
        shown = views.Shown(
            traceback=sees_all,
            host=sees_all and req.version >= mv.ACTION_EVENT_HOST,
            host_id=req.version >= mv.ACTION_EVENT_HOST,
            details=req.version >= mv.ACTION_EVENT_DETAILS and req.allows(rules.EVENT_DETAILS, target))
        view['events'] = views.events(order, steps, shown, found.row.project_id)
    return {'instanceAction': view}


def changes(req):
    """(changes-since, changes-before) of a query as datetimes or None. Raises Invalid for an end before the start."""
    since, before = (None if req.param(name) is None else parse_time(req.param(name))
                     for name in ('changes-since', 'changes-before'))
    if since is not None and before is not None and before < since:
        raise errors.Invalid('The value of changes-since must be less than or equal to changes-before.')
    return since, before


def _server(req, server_id):
    return find(req, server_id, deleted=req.version >= mv.ACTIONS_OF_DELETED_SERVERS)
