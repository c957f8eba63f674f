# SPDX-License-Identifier: Apache-2.0
"""Host aggregates. A zone is the metadata `availability_zone` of one; hosts with servers do not change theirs."""

from nova_lite import errors
from nova_lite.api import cells
from nova_lite.api.operation import operation
from nova_lite.api.schemas import aggregates as schemas
from nova_lite.api.schemas import types
from nova_lite.api.views import aggregates as views
from nova_lite.db import aggregates, hosts, services
from nova_lite.policies import aggregates as rules

_MOST_ID = 2 ** 31 - 1


@operation(query=types.NO_QUERY)
def index(req):
    """GET /os-aggregates"""
    req.authorize(rules.INDEX, {})
    with req.cells.api.read() as tx:
        return {'aggregates': [views.whole(req, aggregate) for aggregate in aggregates.list(tx)]}


@operation(query=types.NO_QUERY)
def show(req, aggregate_id):
    """GET /os-aggregates/{aggregate_id}"""
    req.authorize(rules.SHOW, {})
    with req.cells.api.read() as tx:
        return {'aggregate': views.whole(req, aggregates.get(tx, _number(aggregate_id)))}


@operation(body=schemas.CREATE)
def create(req):
    """POST /os-aggregates"""
    req.authorize(rules.CREATE, {})
    wanted = req.body['aggregate']
    zone = wanted.get('availability_zone')
    aggregate = req.cells.api.transact(aggregates.create, wanted['name'].strip(), req.deps.clock.now(),
                                       availability_zone=zone.strip() if zone else None)
    return {'aggregate': views.brief(req, aggregate)}


@operation(body=schemas.UPDATE)
def update(req, aggregate_id):
    """PUT /os-aggregates/{aggregate_id}"""
    req.authorize(rules.UPDATE, {})
    number, wanted = _number(aggregate_id), req.body['aggregate']
    changes = {}
    if 'name' in wanted:
        changes['name'] = wanted['name'].strip()
    if 'availability_zone' in wanted:
        changes['availability_zone'] = wanted['availability_zone']
        _refuse_move(req, number, wanted['availability_zone'])
    return _changed(req, aggregates.update, number, **changes)


@operation()
def delete(req, aggregate_id):
    """DELETE /os-aggregates/{aggregate_id}"""
    req.authorize(rules.DELETE, {})
    try:
        req.cells.api.transact(aggregates.delete, _number(aggregate_id))
    except aggregates.AggregateInUse as error:
        raise errors.Invalid(str(error)) from error


@operation(body=schemas.ADD_HOST)
def add_host(req, aggregate_id):
    """POST /os-aggregates/{aggregate_id}/action (add_host)"""
    req.authorize(rules.ADD_HOST, {})
    number, host = _number(aggregate_id), req.body['add_host']['host']
    with req.cells.api.read() as tx:
        aggregate = aggregates.get(tx, number)
        now_in = aggregates.zones_of_hosts(tx, [host]).get(host)
    _refuse_unknown(req, host)
    if aggregate.zone is not None and now_in != aggregate.zone and _hold_servers(req, [host]):
        raise errors.Conflict(f'Cannot add host {host} to aggregate {number}: its servers would change their '
                              f'availability zone.')
    aggregate = req.cells.api.transact(aggregates.add_host, number, host, req.deps.clock.now())
    return {'aggregate': views.whole(req, aggregate)}


@operation(body=schemas.REMOVE_HOST)
def remove_host(req, aggregate_id):
    """POST /os-aggregates/{aggregate_id}/action (remove_host)"""
    req.authorize(rules.REMOVE_HOST, {})
    number, host = _number(aggregate_id), req.body['remove_host']['host']
    with req.cells.api.read() as tx:
        aggregate = aggregates.get(tx, number)
    default = req.conf.default_availability_zone
    if host in aggregate.hosts and aggregate.zone not in (None, default) and _hold_servers(req, [host]):
        raise errors.Conflict(f'Cannot remove host {host} from aggregate {number}: its servers would change their '
                              f'availability zone.')
    aggregate = req.cells.api.transact(aggregates.remove_host, number, host, req.deps.clock.now())
    return {'aggregate': views.whole(req, aggregate)}


@operation(body=schemas.SET_METADATA)
def set_metadata(req, aggregate_id):
    """POST /os-aggregates/{aggregate_id}/action (set_metadata)"""
    req.authorize(rules.SET_METADATA, {})
    number, metadata = _number(aggregate_id), req.body['set_metadata']['metadata']
    if aggregates.ZONE in metadata:
        if metadata[aggregates.ZONE] == '' or ':' in (metadata[aggregates.ZONE] or ''):
            raise errors.Invalid('An availability zone has a name, without a colon.')
        _refuse_move(req, number, metadata[aggregates.ZONE])
    return _changed(req, aggregates.set_metadata, number, metadata)


def _changed(req, change, number, *args, **kwargs):
    try:
        aggregate = req.cells.api.transact(change, number, *args, now=req.deps.clock.now(), **kwargs)
    except aggregates.ZoneConflict as error:
        raise errors.Invalid(str(error)) from error
    return {'aggregate': views.whole(req, aggregate)}


def _number(aggregate_id):
    """The number in a path. Raises Invalid."""
    if not (aggregate_id.isascii() and aggregate_id.isdigit()):
        raise errors.Invalid('id must be an integer')
    return min(int(aggregate_id[:20]), _MOST_ID)


def _refuse_unknown(req, host):
    if not cells.find(req, services.get_by_host, host, 'nova-compute', down_after=req.conf.service_down_time):
        raise errors.NotFound(f'Compute host {host} could not be found.')


def _refuse_move(req, number, zone):
    """Refuse a new zone for hosts that hold servers."""
    with req.cells.api.read() as tx:
        aggregate = aggregates.get(tx, number)
    if zone != aggregate.zone and _hold_servers(req, aggregate.hosts):
        raise errors.Invalid(f'Cannot update aggregate {number}: one or more hosts contain instances in this zone.')


def _hold_servers(req, names):
    return bool(names) and any(counts for _, counts in cells.gather(req, hosts.count_servers, list(names)))
