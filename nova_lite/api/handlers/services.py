# SPDX-License-Identifier: Apache-2.0
"""Services: list, enable, disable, force down, delete. Since 2.53 a service is named by its uuid."""

from oslo_log import log

from nova_lite import errors
from nova_lite.api import cells, microversions
from nova_lite.api.formats import is_uuid
from nova_lite.api.operation import operation
from nova_lite.api.schemas import services as schemas
from nova_lite.api.schemas import types
from nova_lite.api.views import services as views
from nova_lite.db import aggregates, hosts, services
from nova_lite.policies import services as rules

LOG = log.getLogger(__name__)

_COMPUTE = 'nova-compute'
# The faces of nova-api have rows of their own in Nova; they are no services that somebody could handle.
_HIDDEN = ('nova-osapi_compute', 'nova-metadata')
_MOST_ID = 2 ** 31 - 1


class ServiceNotFound(errors.NotFound):
    """No such service."""


@operation(query=schemas.INDEX_QUERY)
def index(req):
    """GET /os-services"""
    req.authorize(rules.LIST, {})
    found = [service for _, rows in cells.gather(
        req, services.list, down_after=req.conf.service_down_time, host=req.param('host') or None,
        binary=req.param('binary') or None) for service in rows if service.binary not in _HIDDEN]
    zone = zone_finder(req)
    return {'services': [views.whole(req, service, zone(service)) for service in found]}


@operation(body=schemas.UPDATE)
def update(req, service_id):
    """PUT /os-services/{service_id}; before 2.53 the last part of the path is what to do"""
    if req.version >= microversions.SERVICE_UUIDS:
        return _update_by_uuid(req, service_id)
    req.authorize(rules.UPDATE, {})
    actions = {'enable': _enable, 'disable': _disable, 'disable-log-reason': _disable_with_reason}
    if req.version >= microversions.SERVICE_FORCED_DOWN:
        actions['force-down'] = _force_down
    if service_id not in actions:
        raise errors.NotFound('Unknown action')
    host, binary = req.body['host'], req.body['binary']
    changes, shown = actions[service_id](req.body)
    _refuse_other(binary)
    found = cells.find(req, services.get_by_host, host, binary, down_after=req.conf.service_down_time)
    if not found:
        raise ServiceNotFound(f'Could not find binary {binary} on host {host}.')
    [(cell, service), *_] = found
    req.cells.get(cell).transact(_change, service.uuid, req.deps.clock.now(), **changes)
    return {'service': {'host': host, 'binary': binary, **shown}}


@operation(status=204)
def delete(req, service_id):
    """DELETE /os-services/{service_id}"""
    req.authorize(rules.DELETE, {})
    cell, service = _find(req, service_id)
    nodes = req.cells.get(cell).transact(_delete, service)
    if service.binary != _COMPUTE:
        return
    req.cells.api.transact(aggregates.forget_host, service.host)
    for node in nodes:
        _delete_provider(req, node)


def zone_finder(req):
    """A function that says in which zone a service is."""
    with req.cells.api.read() as tx:
        zones = aggregates.zones_of_hosts(tx)
    conf = req.conf
    return lambda service: aggregates.zone_of_service(
        service, zones, default=conf.default_availability_zone, internal=conf.internal_service_availability_zone)


def _update_by_uuid(req, uuid):
    if not is_uuid(uuid):
        raise errors.Invalid(f'Invalid uuid {uuid}')
    req.authorize(rules.UPDATE, {})
    cell, service = _find(req, uuid)
    _refuse_other(service.binary)
    body, changes = req.body, {}
    if body.get('status') == 'enabled' and body.get('disabled_reason'):
        raise errors.Invalid("Specifying 'disabled_reason' with status 'enabled' is invalid.")
    if 'status' in body:
        changes |= {'disabled': body['status'] == 'disabled', 'reason': body.get('disabled_reason')}
    if 'forced_down' in body:
        changes['forced_down'] = types.is_true(body['forced_down'])
    if not changes:
        raise errors.Invalid("No updates were requested. Fields 'status' or 'forced_down' should be specified.")
    database = req.cells.get(cell)
    database.transact(_change, service.uuid, req.deps.clock.now(), **changes)
    with database.read() as tx:
        service = services.get(tx, service.uuid, down_after=req.conf.service_down_time) or service
    return {'service': views.whole(req, service, zone_finder(req)(service))}


def _find(req, service_id):
    """(cell, service) of a number (before 2.53) or uuid. Raises Invalid, ServiceNotFound."""
    down_after = req.conf.service_down_time
    if req.version >= microversions.SERVICE_UUIDS:
        if not is_uuid(service_id):
            raise errors.Invalid(f'Invalid uuid {service_id}')
        found = cells.find(req, services.get, service_id, down_after=down_after)
    else:
        if not (service_id.isascii() and service_id.isdigit()):
            raise errors.Invalid('id must be an integer')
        number = min(int(service_id[:20]), _MOST_ID)
        found = cells.find(req, services.get_by_id, number, down_after=down_after)
    if len(found) > 1:
        raise errors.Invalid(f'Service id {service_id} refers to multiple services.')
    if not found:
        raise ServiceNotFound(f'Service {service_id} not found.')
    return found[0]


def _refuse_other(binary):
    if binary != _COMPUTE:
        raise errors.Invalid(f'Updating a {binary} service is not supported. '
                             'Only nova-compute services can be updated.')


def _enable(body):
    return {'disabled': False, 'reason': None}, {'status': 'enabled'}


def _disable(body):
    return {'disabled': True, 'reason': None}, {'status': 'disabled'}


def _disable_with_reason(body):
    reason = body.get('disabled_reason')
    if reason is None:
        raise errors.Invalid('Missing disabled reason field')
    return {'disabled': True, 'reason': reason}, {'status': 'disabled', 'disabled_reason': reason}


def _force_down(body):
    if 'forced_down' not in body:
        raise errors.Invalid('Missing forced_down field')
    forced_down = types.is_true(body['forced_down'])
    return {'forced_down': forced_down}, {'forced_down': forced_down}


def _change(tx, uuid, now, *, disabled=None, reason=None, forced_down=None):
    if disabled is not None:
        services.set_disabled(tx, uuid, disabled, reason, now)
    if forced_down is not None:
        services.set_forced_down(tx, uuid, forced_down, now)


def _delete(tx, service):
    """Remove a service that holds no server; its nodes, whose providers are to go too."""
    nodes = []
    if service.binary == _COMPUTE:
        if hosts.count_servers(tx, [service.host]):
            raise errors.Conflict('Unable to delete compute service that is hosting instances. '
                                  'Migrate or delete the instances first.')
        nodes = hosts.list(tx, host=service.host, down_after=0)
    if not services.delete(tx, service.uuid):
        raise ServiceNotFound(f'Service {service.uuid} not found.')
    return nodes


def _delete_provider(req, node):
    """The service is gone already: what placement still holds is only said, as in Nova."""
    if req.deps.placement is None:
        return
    try:
        req.deps.placement.providers.delete(node.uuid)
    except errors.Error as error:
        LOG.error('The resource provider %s of node %s could not be deleted: %s', node.uuid, node.node, error)
