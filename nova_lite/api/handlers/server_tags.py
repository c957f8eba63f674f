# SPDX-License-Identifier: Apache-2.0
"""The tags of servers (2.26)."""

from nova_lite import errors
from nova_lite.api.handlers.server_find import find
from nova_lite.api.microversions import SERVER_TAGS
from nova_lite.api.operation import operation
from nova_lite.api.schemas import server_tags as schemas
from nova_lite.api.schemas.server_parts import TAGS
from nova_lite.api.validation import ValidationError
from nova_lite.db import servers
from nova_lite.operations import at_once
from nova_lite.policies import server_tags as rules

_MOST = TAGS['maxItems']


@operation(since=SERVER_TAGS)
def index(req, server_id):
    """GET /servers/{server_id}/tags"""
    return {'tags': _read(req, server_id, rules.INDEX)}


@operation(since=SERVER_TAGS, status=204)
def show(req, server_id, tag):
    """GET /servers/{server_id}/tags/{tag}"""
    if tag not in _read(req, server_id, rules.SHOW):
        raise errors.NotFound(f"Server {server_id} has no tag '{tag}'")


@operation(since=SERVER_TAGS, body=schemas.UPDATE)
def update(req, server_id, tag):
    """PUT /servers/{server_id}/tags/{tag}"""
    def add(tx):
        _check(tag)
        now = servers.tags(tx, [server_id])[server_id]
        if len(now) >= _MOST:
            raise errors.Invalid(f'The number of tags exceeded the per-server limit {_MOST}')
        if tag in now:
            return False
        servers.check_distinct([*now, tag])
        servers.insert_tags(tx, server_id, [tag])
        return True

    is_new = _change(req, server_id, rules.UPDATE, 'update tag', add)
    req.status = 201 if is_new else 204
    if is_new:
        req.response_headers['Location'] = req.links.self_link(f'servers/{server_id}/tags', tag)


@operation(since=SERVER_TAGS, body=schemas.REPLACE)
def update_all(req, server_id):
    """PUT /servers/{server_id}/tags"""
    wanted = sorted(set(req.body['tags']))
    _change(req, server_id, rules.UPDATE_ALL, 'update tags', lambda tx: servers.replace_tags(tx, server_id, wanted))
    return {'tags': wanted}


@operation(since=SERVER_TAGS, status=204)
def delete(req, server_id, tag):
    """DELETE /servers/{server_id}/tags/{tag}"""
    if not _change(req, server_id, rules.DELETE, 'delete tag', lambda tx: servers.delete_tag(tx, server_id, tag)):
        raise errors.NotFound(f"Server {server_id} has no tag '{tag}'")


@operation(since=SERVER_TAGS, status=204)
def delete_all(req, server_id):
    """DELETE /servers/{server_id}/tags"""
    _change(req, server_id, rules.DELETE_ALL, 'delete tags', lambda tx: servers.replace_tags(tx, server_id, []))


def _check(tag):
    try:
        schemas.TAG.check_body(tag)
    except ValidationError as error:
        raise errors.Invalid(f"Tag '{tag}' is invalid. It must be a non empty string without characters '/' and ','. "
                             f'Validation error message: {error}') from error


def _read(req, server_id, rule):
    found = find(req, server_id, of_any_project=True)
    req.authorize(rule, found.target)
    with req.cells.get(found.cell).read() as tx:
        return servers.tags(tx, [server_id])[server_id]


def _change(req, server_id, rule, verb, work):
    found = find(req, server_id, of_any_project=True)
    req.authorize(rule, found.target)

    def commit(tx):
        at_once.change_tags(tx, server_id, verb, req.deps.clock.now())
        return work(tx)

    return req.cells.get(found.cell).transact(commit)
