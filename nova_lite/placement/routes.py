# SPDX-License-Identifier: Apache-2.0
"""Every path, method and version of the API in one table, and the checks that each operation asks for.

The order of checks is part of the interface: version, media type, policy, then what the handler looks at.
"""

from typing import NamedTuple

import falcon

from nova_lite.placement import errors
from nova_lite.placement.context import Call, accepts_json
from nova_lite.placement.handlers import (
    aggregates,
    allocation_candidates,
    allocations,
    inventories,
    reshaper,
    resource_classes,
    resource_providers,
    root,
    traits,
    usages,
)


class Op(NamedTuple):
    """One operation: `run(call)`; the versions 1.`since` to 1.`until`, outside of which it answers `outside`.

    `rule` is the policy, None for a handler that checks it itself; `reads` and `writes` say that it answers or takes
    JSON; `media_first` that its media type is checked before its version.
    """

    run: object
    rule: str | None = None
    since: int = 0
    until: int | None = None
    reads: bool = False
    writes: bool = False
    outside: int = 404
    media_first: bool = False


def _get(run, rule, since=0, **more):
    return Op(run, rule, since, reads=True, **more)


def _write(run, rule, since=0, **more):
    return Op(run, rule, since, writes=True, **more)


ROUTES = {
    '/': {'GET': Op(root.show)},
    '/resource_classes': {
        'GET': _get(resource_classes.index, 'resource_classes:list', 2),
        'POST': _write(resource_classes.create, 'resource_classes:create', 2)},
    '/resource_classes/{name}': {
        'GET': _get(resource_classes.show, 'resource_classes:show', 2),
        'PUT': [_write(resource_classes.rename, 'resource_classes:update', 2, until=6),
                Op(resource_classes.ensure, 'resource_classes:update', 7)],
        'DELETE': Op(resource_classes.delete, 'resource_classes:delete', 2)},
    '/resource_providers': {
        'GET': _get(resource_providers.index, 'resource_providers:list'),
        'POST': _write(resource_providers.create, 'resource_providers:create')},
    '/resource_providers/{uuid}': {
        'GET': _get(resource_providers.show, 'resource_providers:show'),
        'DELETE': Op(resource_providers.delete, 'resource_providers:delete'),
        'PUT': _write(resource_providers.update, 'resource_providers:update')},
    '/resource_providers/{uuid}/inventories': {
        'GET': _get(inventories.index, 'resource_providers:inventories:list'),
        'POST': _write(inventories.create, 'resource_providers:inventories:create'),
        'PUT': _write(inventories.replace, 'resource_providers:inventories:update'),
        'DELETE': Op(inventories.delete_all, 'resource_providers:inventories:delete', 5, outside=405)},
    '/resource_providers/{uuid}/inventories/{resource_class}': {
        'GET': _get(inventories.show, 'resource_providers:inventories:show'),
        'PUT': _write(inventories.update, 'resource_providers:inventories:update'),
        'DELETE': Op(inventories.delete, 'resource_providers:inventories:delete')},
    '/resource_providers/{uuid}/usages': {
        'GET': _get(usages.of_provider, 'resource_providers:usages')},
    '/resource_providers/{uuid}/aggregates': {
        'GET': _get(aggregates.index, 'resource_providers:aggregates:list', 1, media_first=True),
        'PUT': _write(aggregates.replace, 'resource_providers:aggregates:update', 1, media_first=True)},
    '/resource_providers/{uuid}/allocations': {
        'GET': _get(allocations.of_provider, 'resource_providers:allocations:list')},
    '/allocations': {
        'POST': _write(allocations.replace_many, 'allocations:manage', 13)},
    '/allocations/{consumer_uuid}': {
        'GET': _get(allocations.of_consumer, 'allocations:list'),
        'PUT': _write(allocations.replace, 'allocations:update'),
        'DELETE': Op(allocations.delete, 'allocations:delete')},
    '/allocation_candidates': {
        'GET': _get(allocation_candidates.index, 'allocation_candidates:list', 10)},
    '/traits': {
        'GET': _get(traits.index, 'traits:list', 6)},
    '/traits/{name}': {
        'GET': Op(traits.show, 'traits:show', 6),
        'PUT': Op(traits.create, 'traits:update', 6),
        'DELETE': Op(traits.delete, 'traits:delete', 6)},
    '/resource_providers/{uuid}/traits': {
        'GET': _get(traits.of_provider, 'resource_providers:traits:list', 6),
        'PUT': _write(traits.replace, 'resource_providers:traits:update', 6),
        'DELETE': Op(traits.delete_all, 'resource_providers:traits:delete', 6)},
    '/usages': {
        'GET': _get(usages.of_project, None, 9)},
    '/reshaper': {
        'POST': _write(reshaper.reshape, 'reshaper:reshape', 30)},
}


def add_routes(app, service):
    for path, targets in ROUTES.items():
        app.add_route(path, _resource(service, targets))


def _resource(service, targets):
    """A falcon resource that answers every method, if only with 405."""
    allowed = ', '.join(targets)
    resource = type('Resource', (), {})()
    for method in falcon.COMBINED_METHODS:
        if method in targets:
            operations = targets[method]
            responder = _responder(service, operations if isinstance(operations, list) else [operations])
        else:
            responder = _refuser(allowed)
        setattr(resource, f'on_{method.lower()}', responder)
    return resource


def _refuser(allowed):
    def respond(req, resp, **path):
        raise errors.MethodNotAllowed(allowed)
    return respond


def _responder(service, operations):
    newest_first = sorted(operations, key=lambda op: -op.since)

    def respond(req, resp, **path):
        minor = req.context.version.minor
        for op in newest_first:
            if op.since <= minor and (op.until is None or minor <= op.until):
                break
        else:
            op = newest_first[-1]
            if op.media_first:
                _check_media(op, req)
            if op.outside == 405:
                raise errors.MethodNotAllowed(None, '')
            raise errors.NotFound('')
        _check_media(op, req)
        call = Call(service, req, resp, path)
        if op.rule is not None:
            service.policy.check(call.identity, f'placement:{op.rule}')
        op.run(call)

    return respond


def _check_media(op, req):
    if op.reads and not accepts_json(req):
        raise errors.NotAcceptable('Only application/json is provided')
    if op.writes:
        kind = (req.content_type or '').split(';', 1)[0].strip().lower()
        if kind != 'application/json':
            raise errors.UnsupportedMediaType(
                f'The media type {kind or None} is not supported, use application/json')
