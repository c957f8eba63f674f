# SPDX-License-Identifier: Apache-2.0
"""The metadata of servers."""

from nova_lite import errors
from nova_lite.api.handlers.server_find import find
from nova_lite.api.operation import operation
from nova_lite.api.schemas import server_metadata as schemas
from nova_lite.db import quota_limits, servers
from nova_lite.operations import at_once
from nova_lite.policies import server_metadata as rules


class ItemNotFound(errors.NotFound):
    """The server has no metadata item of this name."""

    message = 'Metadata item was not found'


@operation(query=schemas.INDEX)
def index(req, server_id):
    """GET /servers/{server_id}/metadata"""
    return {'metadata': _read(req, server_id, rules.INDEX)}


@operation(query=schemas.SHOW)
def show(req, server_id, key):
    """GET /servers/{server_id}/metadata/{key}"""
    found = _read(req, server_id, rules.SHOW)
    if key not in found:
        raise ItemNotFound()
    return {'meta': {key: found[key]}}


@operation(body=schemas.REPLACE)
def create(req, server_id):
    """POST /servers/{server_id}/metadata"""
    return {'metadata': _change(req, server_id, rules.CREATE, req.body['metadata'], replace=False)}


@operation(body=schemas.REPLACE)
def update_all(req, server_id):
    """PUT /servers/{server_id}/metadata"""
    return {'metadata': _change(req, server_id, rules.UPDATE_ALL, req.body['metadata'], replace=True)}


@operation(body=schemas.UPDATE)
def update(req, server_id, key):
    """PUT /servers/{server_id}/metadata/{key}"""
    item = req.body['meta']

    def check():
        if key not in item:
            raise errors.Invalid('Request body and URI mismatch')

    _change(req, server_id, rules.UPDATE, item, replace=False, check=check)
    return {'meta': item}


@operation(status=204)
def delete(req, server_id, key):
    """DELETE /servers/{server_id}/metadata/{key}"""
    found = find(req, server_id)
    req.authorize(rules.DELETE, found.target)
    if not req.cells.get(found.cell).transact(
            at_once.delete_metadata, server_id, key, context=req.context, now=req.deps.clock.now()):
        raise ItemNotFound()


def _read(req, server_id, rule):
    found = find(req, server_id)
    req.authorize(rule, found.target)
    with req.cells.get(found.cell).read() as tx:
        return servers.metadata(tx, [server_id])[server_id]


def _change(req, server_id, rule, values, *, replace, check=None):
    found = find(req, server_id)
    req.authorize(rule, found.target)
    if check is not None:
        check()
    with req.cells.api.read() as tx:
        limits = quota_limits.of_project(tx, req.conf, found.row.project_id)
    return req.cells.get(found.cell).transact(
        at_once.change_metadata, server_id, values, replace=replace, limits=limits, context=req.context,
        now=req.deps.clock.now())
