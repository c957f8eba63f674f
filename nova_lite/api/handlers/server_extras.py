# SPDX-License-Identifier: Apache-2.0
"""What views of servers need beside the rows, for one or a thousand in the same number of statements."""

from nova_lite import states
from nova_lite.api import microversions as mv
from nova_lite.api.views import servers as views
from nova_lite.db import aggregates, server_groups, servers, services
from nova_lite.policies import servers as rules

# Up to so many hosts are named in a query; of more everything is read.
_FEW = 50


def view(req, found, *, whole=True, groups=False):
    """The view of one server (`server_find.Found`)."""
    seen = shown(req, project_id=found.row.project_id, whole=whole, groups=groups)
    extras = read(req, [found.row], {found.row.uuid: found.cell}, seen)
    return views.detail(found.row, extras, seen)


def shown(req, *, project_id=None, whole=True, groups=False):
    """What this request sees of servers: of its own in a list, else of those of `project_id`."""
    target = None if project_id is None else {'project_id': project_id}
    host_status = None
    if whole and req.version >= mv.SERVER_HOST_STATUS:
        if req.allows(rules.SHOW_HOST_STATUS, target):
            host_status = views.ALL
        elif req.allows(rules.SHOW_HOST_STATUS_UNKNOWN, target):
            host_status = views.ONLY_UNKNOWN
    return views.Shown(
        version=req.version, links=req.links, name_template=req.conf.instance_name_template, whole=whole,
        extended=whole and req.allows(rules.EXTENDED_ATTRIBUTES, target),
        extra_specs=req.version >= mv.SERVER_FLAVOR_EMBEDDED and req.allows(rules.SHOW_EXTRA_SPECS, target),
        host_status=host_status, fault_details=bool(req.context.is_admin), groups=groups)


def read(req, rows, cells, seen):
    """The `views.Extras` of these servers; `cells`: uuid -> cell of each."""
    extras = {'metadata': {}, 'tags': {}, 'faults': {}, 'host_statuses': {}}
    for name in dict.fromkeys(cells[row.uuid] for row in rows):
        here = [row for row in rows if cells[row.uuid] == name]
        with req.cells.get(name).read() as tx:
            for kind, found in _of_cell(tx, req, here, seen).items():
                extras[kind].update(found)
    zones, groups = {}, {}
    hosts = {row.host for row in rows if row.host is not None}
    if seen.whole and hosts or seen.groups:
        with req.cells.api.read() as tx:
            zones = aggregates.zones_of_hosts(tx, hosts if len(hosts) <= _FEW else None) if hosts else {}
            groups = server_groups.of_servers(tx, [row.uuid for row in rows]) if seen.groups else {}
    return views.Extras(**extras, zones=zones, groups=groups, default_zone=req.conf.default_availability_zone)


def _of_cell(tx, req, rows, seen):
    uuids = [row.uuid for row in rows]
    failed = [row.uuid for row in rows if row.deleted or row.vm_state == states.ERROR]
    return {
        'metadata': servers.metadata(tx, uuids),
        'tags': servers.tags(tx, uuids) if req.version >= mv.SERVER_TAGS else {},
        'faults': servers.faults(tx, failed) if failed else {},
        'host_statuses': _host_statuses(tx, req.conf, rows) if seen.host_status else {},
    }


def _host_statuses(tx, conf, rows):
    """host -> UP, DOWN, MAINTENANCE or UNKNOWN; of servers without a host nothing is read."""
    hosts = {row.host for row in rows if row.host is not None}
    if not hosts:
        return {}
    found = services.health(tx, down_after=conf.service_down_time, hosts=hosts if len(hosts) <= _FEW else None)
    return {service.host: _status(service) for service in found}


def _status(service):
    if service.forced_down:
        return 'DOWN'
    if service.disabled:
        return 'MAINTENANCE'
    return 'UP' if service.up else states.UNKNOWN_STATUS
