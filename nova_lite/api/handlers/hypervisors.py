# SPDX-License-Identifier: Apache-2.0
"""Hypervisors: nodes whose nova-compute is known. Since 2.53 named by uuid."""

from oslo_log import log

from nova_lite import errors
from nova_lite.api import cells, microversions, pagination
from nova_lite.api.formats import is_uuid
from nova_lite.api.operation import operation
from nova_lite.api.schemas import hypervisors as schemas
from nova_lite.api.schemas import types
from nova_lite.api.views import hypervisors as views
from nova_lite.db import hosts, servers
from nova_lite.policies import hypervisors as rules

LOG = log.getLogger(__name__)

_UNTIL_SEARCH = microversions.SERVICE_UUIDS - 1
_UNTIL_RESOURCES = microversions.HYPERVISOR_RESOURCES_GONE - 1
_MOST_ID = 2 ** 31 - 1


@operation(query=schemas.INDEX_QUERY)
def index(req):
    """GET /os-hypervisors"""
    req.authorize(rules.LIST, {})
    return _listed(req, views.brief, 'os-hypervisors')


@operation(query=schemas.INDEX_QUERY)
def detail(req):
    """GET /os-hypervisors/detail"""
    req.authorize(rules.LIST_DETAIL, {})
    return _listed(req, views.whole, 'os-hypervisors/detail')


@operation(query=schemas.SHOW_QUERY)
def show(req, hypervisor_id):
    """GET /os-hypervisors/{hypervisor_id}"""
    req.authorize(rules.SHOW, {})
    cell, node = _find(req, hypervisor_id)
    found = views.whole(req, node)
    if types.is_true(req.param('with_servers', False)):
        views.with_servers(req, found, _servers(req, [(cell, node)])[node.host])
    return {'hypervisor': found}


@operation(until=_UNTIL_RESOURCES)
def statistics(req):
    """GET /os-hypervisors/statistics"""
    req.authorize(rules.STATISTICS, {})
    return views.statistics([node for _, node in _all(req)])


@operation(until=_UNTIL_RESOURCES)
def uptime(req, hypervisor_id):
    """GET /os-hypervisors/{hypervisor_id}/uptime"""
    req.authorize(rules.UPTIME, {})
    _cell, node = _find(req, hypervisor_id)
    if not node.up:
        raise errors.Invalid(f'Compute service of {node.host} is unavailable at this time.')
    if not node.facts.get('uptime'):
        raise errors.Unsupported('The requested functionality is not supported.')
    return {'hypervisor': views.brief(req, node) | {'uptime': node.facts['uptime']}}


@operation(until=_UNTIL_SEARCH)
def search(req, hypervisor_id):
    """GET /os-hypervisors/{hypervisor_hostname_pattern}/search"""
    req.authorize(rules.SEARCH, {})
    return {'hypervisors': [views.brief(req, node) for _, node in _matching(req, hypervisor_id)]}


@operation(until=_UNTIL_SEARCH)
def list_servers(req, hypervisor_id):
    """GET /os-hypervisors/{hypervisor_hostname_pattern}/servers"""
    req.authorize(rules.SERVERS, {})
    nodes = _matching(req, hypervisor_id)
    of_host = _servers(req, nodes)
    return {'hypervisors': [views.with_servers(req, views.brief(req, node), of_host[node.host])
                            for _, node in nodes]}


def _listed(req, view, path):
    pattern = req.param('hypervisor_hostname_pattern')
    links = None
    if pattern is not None:
        if 'limit' in req.query or 'marker' in req.query:
            raise errors.Invalid('Paging over hypervisors with the hypervisor_hostname_pattern query parameter '
                                 'is not supported.')
        nodes = _matching(req, pattern)
    elif req.version >= microversions.HYPERVISOR_PAGES:
        nodes = _page(req)
        links = pagination.next_links(req, path, len(nodes), lambda: views.brief(req, nodes[-1][1])['id'])
    else:
        nodes = _all(req)
    found = [view(req, node) for _, node in nodes]
    if types.is_true(req.param('with_servers', False)):
        of_host = _servers(req, nodes)
        found = [views.with_servers(req, item, of_host[node.host])
                 for item, (_, node) in zip(found, nodes, strict=True)]
    return {'hypervisors': found, 'hypervisors_links': links} if links else {'hypervisors': found}


def _all(req):
    """[(cell, node)] of every node that has a service."""
    return [(cell, node) for cell, rows in cells.gather(req, hosts.list, down_after=req.conf.service_down_time)
            for node in rows if node.service_id is not None]


def _page(req):
    """One page of `_all`: cell by cell, each by number, no more rows than are shown."""
    most, marker = pagination.limit(req), pagination.marker(req)
    begin, after = (None, None) if marker is None else _place(req, marker)
    found, names = [], req.cells.names()
    for cell in names:
        if begin not in (None, cell):
            continue
        begin = None
        while len(found) < most:
            try:
                with req.cells.get(cell).read() as tx:
                    rows = hosts.list(tx, down_after=req.conf.service_down_time, after_id=after,
                                      limit=most - len(found))
            except errors.Unavailable as error:
                if len(names) == 1:
                    raise
                LOG.warning('Cell %r is left out of an answer: %s', cell, error)
                rows = None
            if not rows:
                break
            after = rows[-1].id
            found += [(cell, node) for node in rows if node.service_id is not None]
        after = None
    return found


def _place(req, marker):
    """(cell, number) of the node that a page begins after."""
    try:
        cell, node = _find(req, marker)
    except (errors.NotFound, errors.Invalid) as error:
        raise pagination.MarkerNotFound(marker) from error
    return cell, node.id


def _matching(req, pattern):
    """[(cell, node)] whose names contain `pattern`. Raises NotFound."""
    nodes = [(cell, node) for cell, rows in
             cells.gather(req, hosts.search, pattern, down_after=req.conf.service_down_time)
             for node in rows if node.service_id is not None]
    if not nodes:
        raise errors.NotFound(f"No hypervisor matching '{pattern}' could be found.")
    return nodes


def _find(req, hypervisor_id):
    """(cell, node) of a number (before 2.53) or uuid. Raises Invalid, NotFound."""
    down_after = req.conf.service_down_time
    missing = errors.NotFound(f"Hypervisor with ID '{hypervisor_id}' could not be found.")
    if req.version >= microversions.SERVICE_UUIDS:
        if not is_uuid(hypervisor_id):
            raise errors.Invalid(f'Invalid uuid {hypervisor_id}')
        found = cells.find(req, hosts.get, hypervisor_id, down_after=down_after)
    else:
        if not (hypervisor_id.isascii() and hypervisor_id.isdigit()):
            raise missing
        found = cells.find(req, hosts.get_by_id, min(int(hypervisor_id[:20]), _MOST_ID), down_after=down_after)
    if not found or found[0][1].service_id is None:
        raise missing
    return found[0]


def _servers(req, nodes):
    """host -> its servers, by number."""
    found = {}
    for cell, node in nodes:
        if node.host not in found:
            with req.cells.get(cell).read() as tx:
                found[node.host] = sorted(servers.of_host(tx, node.host).values(), key=lambda server: server.id)
    return found
