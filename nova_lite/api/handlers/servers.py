# SPDX-License-Identifier: Apache-2.0
"""Servers: list, show, update, delete. How they are made: `server_create.py`."""

from nova_lite import errors
from nova_lite.api import microversions as mv
from nova_lite.api import pagination
from nova_lite.api.handlers import server_extras, server_filters
from nova_lite.api.handlers.server_create import address
from nova_lite.api.handlers.server_find import CellDown, find
from nova_lite.api.operation import operation
from nova_lite.api.schemas import servers as schemas
from nova_lite.api.views import servers as views
from nova_lite.db import aggregates, locations, server_groups, server_lists
from nova_lite.operations import at_once
from nova_lite.operations.ask import ask
from nova_lite.policies import servers as rules


class PinRefused(errors.Conflict):
    """The zone that a server is pinned to cannot be changed to this one."""


@operation(query=schemas.LIST)
def index(req):
    """GET /servers"""
    req.authorize(rules.INDEX)
    page, unknown = _page(req, rules.INDEX_ALL, brief=True)
    found = [views.brief(row, req.links) for row in page.rows]
    found += [views.brief_unknown(location, req.links) for location in unknown]
    return _with_links(req, 'servers', found, page)


@operation(query=schemas.LIST)
def detail(req):
    """GET /servers/detail"""
    req.authorize(rules.DETAIL)
    page, unknown = _page(req, rules.DETAIL_ALL, brief=False)
    shown = server_extras.shown(req)
    extras = server_extras.read(req, page.rows, page.cells, shown)
    found = [views.detail(row, extras, shown) for row in page.rows]
    found += [views.detail_unknown(location, req.links) for location in unknown]
    return _with_links(req, 'servers/detail', found, page)


@operation(query=schemas.SHOW)
def show(req, server_id):
    """GET /servers/{server_id}"""
    try:
        found = find(req, server_id)
    except CellDown as error:
        return _show_unknown(req, error)
    req.authorize(rules.SHOW, {'project_id': found.row.project_id})
    return {'server': server_extras.view(req, found, groups=req.version >= mv.SERVER_GROUPS_SHOWN)}


@operation(body=schemas.UPDATE)
def update(req, server_id):
    """PUT /servers/{server_id}"""
    found = find(req, server_id)
    req.authorize(rules.UPDATE, found.target)
    wanted = req.body['server']
    values = {column: wanted[field] for field, column in _UPDATED.items() if field in wanted}
    if 'display_name' in values:
        values['display_name'] = values['display_name'].strip()
    values |= {_UPDATED[field]: address(wanted, field) for field in ('accessIPv4', 'accessIPv6') if field in wanted}
    if req.version >= mv.PINNED_ZONE_UPDATE and 'pinned_availability_zone' in wanted:
        values['availability_zone'] = _pinned(req, found.row, wanted['pinned_availability_zone'])
    database = req.cells.get(found.cell)
    database.transact(at_once.update, server_id, req.deps.clock.now(), **values)
    return {'server': server_extras.view(
        req, find(req, server_id), whole=req.version >= mv.STRICT_QUERIES,
        groups=req.version >= mv.SERVER_GROUPS_SHOWN)}


_UPDATED = {'name': 'display_name', 'description': 'description', 'hostname': 'hostname',
            'accessIPv4': 'access_ip_v4', 'accessIPv6': 'access_ip_v6', 'OS-DCF:diskConfig': 'disk_config'}


@operation(status=204)
def delete(req, server_id):
    """DELETE /servers/{server_id}"""
    found = find(req, server_id)
    req.authorize(rules.DELETE, found.target)
    ask(req.deps, found.cell, 'delete', server_id, req.context)


def _page(req, rule_of_all, *, brief):
    """(page of servers, locations of servers whose cell does not answer)."""
    filters, all_projects = server_filters.read(req, rule_of_all)
    sort = server_filters.sorting(req)
    zones = None
    if 'availability_zone' in filters:
        with req.cells.api.read() as tx:
            zones = server_lists.Zones(aggregates.zones_of_hosts(tx), req.conf.default_availability_zone)
    wanted = server_lists.Wanted(filters, sort, limit=pagination.limit(req), marker=pagination.marker(req),
                                 zones=zones, brief=brief)
    if filters.get('status') == []:
        return server_lists.Page([], {}, []), []
    page = server_lists.page(req.cells, wanted)
    if not page.down:
        return page, []
    if req.version < mv.DOWN_CELLS or not server_filters.is_plain(req):
        if not req.conf.api.list_records_by_skipping_down_cells:
            raise errors.Unavailable('A part of the servers is not known now: what holds them does not answer.')
        return page, []
    with req.cells.api.read() as tx:
        return page, locations.of_cells(
            tx, page.down, project_id=None if all_projects else req.context.project_id,
            limit=pagination.limit(req) - len(page.rows))


def _with_links(req, path, found, page):
    view = {'servers': found}
    links = pagination.next_links(req, path, len(page.rows), lambda: page.rows[-1].uuid)
    if links:
        view['servers_links'] = links
    return view


def _show_unknown(req, error):
    if req.version < mv.DOWN_CELLS:
        raise error
    location = error.location
    req.authorize(rules.SHOW, {'project_id': location.project_id})
    groups = []
    if req.version >= mv.SERVER_GROUPS_SHOWN:
        with req.cells.api.read() as tx:
            groups = server_groups.of_servers(tx, [location.server_uuid]).get(location.server_uuid, [])
    shown = server_extras.shown(req, project_id=location.project_id, groups=req.version >= mv.SERVER_GROUPS_SHOWN)
    return {'server': views.show_unknown(location, shown, groups)}


def _pinned(req, server, wanted):
    """The zone to pin a server to: none, or the one it is in. Raises PinRefused."""
    pinned = server.availability_zone
    if wanted is None or wanted == pinned:
        return wanted
    if pinned is not None:
        raise PinRefused('Cannot change pinned availability zone directly. Unpin first by setting '
                         'pinned_availability_zone to null.')
    zone = ''
    if server.host is not None:
        with req.cells.api.read() as tx:
            zone = aggregates.zones_of_hosts(tx, [server.host]).get(server.host, req.conf.default_availability_zone)
    if wanted != zone:
        raise PinRefused(f"Server can only be pinned to its current availability zone '{zone}', but '{wanted}' was "
                         f'requested.')
    return wanted
