# SPDX-License-Identifier: Apache-2.0
"""Server groups."""

from nova_lite import errors
from nova_lite.api import microversions, pagination
from nova_lite.api.operation import operation
from nova_lite.api.schemas import server_groups as schemas
from nova_lite.api.schemas import types
from nova_lite.api.views import server_groups as views
from nova_lite.db import quota_limits, server_groups
from nova_lite.policies import server_groups as rules

_MOST_OFFSET = 2 ** 31 - 1


class GroupLimitExceeded(errors.Forbidden):
    """The project has as many server groups as allowed."""

    message = 'Quota exceeded, too many server groups.'


@operation(query=schemas.INDEX_QUERY)
def index(req):
    """GET /os-server-groups"""
    project_id = req.context.project_id
    req.authorize(rules.INDEX, {'project_id': project_id})
    everybody = 'all_projects' in req.query and req.context.is_admin
    if everybody:
        req.authorize(rules.INDEX_ALL, {'project_id': project_id})
    offset = min(pagination.integer(req, 'offset', 0), _MOST_OFFSET)
    with req.cells.api.read() as tx:
        found = server_groups.list(tx, project_id=None if everybody else project_id or '', offset=offset,
                                   limit=pagination.limit(req) or req.conf.api.max_limit)
    return {'server_groups': [views.whole(req, group) for group in found]}


@operation(query=types.NO_QUERY)
def show(req, server_group_id):
    """GET /os-server-groups/{server_group_id}"""
    with req.cells.api.read() as tx:
        return {'server_group': views.whole(req, _get(tx, req, server_group_id, rules.SHOW))}


@operation(body=schemas.CREATE)
def create(req):
    """POST /os-server-groups"""
    project_id = req.context.project_id
    req.authorize(rules.CREATE, {'project_id': project_id})
    wanted, found_rules = req.body['server_group'], {}
    if req.version >= microversions.SERVER_GROUP_POLICY:
        policy = wanted['policy']
        found_rules = {name: int(value) for name, value in wanted.get('rules', {}).items()}
        if found_rules and policy != 'anti-affinity':
            raise errors.Invalid('Only anti-affinity policy supports rules.')
    else:
        policy = wanted['policies'][0]
    group = req.cells.api.transact(_create, req, name=wanted['name'], policy=policy, rules=found_rules)
    return {'server_group': views.whole(req, group)}


@operation(status=204)
def delete(req, server_group_id):
    """DELETE /os-server-groups/{server_group_id}"""
    req.cells.api.transact(_delete, req, server_group_id)


def _get(tx, req, uuid, rule):
    """The group, if the asker may do `rule` to it. Raises GroupNotFound, Forbidden."""
    group = server_groups.get(tx, uuid)
    if group.project_id != req.context.project_id and not req.context.is_admin:
        raise server_groups.GroupNotFound(f'Instance group {uuid} could not be found.')
    req.authorize(rule, {'project_id': group.project_id})
    return group


def _create(tx, req, **values):
    project_id = req.context.project_id or ''
    group = server_groups.create(tx, project_id=project_id, user_id=req.context.user_id or '',
                                 now=req.deps.clock.now(), **values)
    limit = quota_limits.of_user(tx, req.conf, project_id, req.context.user_id or '')['server_groups']
    if limit != quota_limits.UNLIMITED and server_groups.count(tx, project_id) > limit:
        raise GroupLimitExceeded()
    return group


def _delete(tx, req, uuid):
    server_groups.delete(tx, _get(tx, req, uuid, rules.DELETE).uuid)
