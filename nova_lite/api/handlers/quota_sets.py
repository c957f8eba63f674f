# SPDX-License-Identifier: Apache-2.0
"""Quotas of projects, and of users in them: show, change, reset, defaults."""

from nova_lite import errors
from nova_lite.api import projects, quotas
from nova_lite.api.operation import operation
from nova_lite.api.schemas import quota_sets as schemas
from nova_lite.api.schemas import types
from nova_lite.api.views import quota_sets as views
from nova_lite.db import quota_limits
from nova_lite.policies import quota_sets as rules

_LONGEST_ID = 255


@operation(query=schemas.QUERY)
def show(req, project_id):
    """GET /os-quota-sets/{project_id}"""
    _allowed(req, rules.SHOW, project_id)
    with req.cells.api.read() as tx:
        return views.limits(req, _limits(tx, req, project_id), project_id)


@operation(query=schemas.QUERY)
def detail(req, project_id):
    """GET /os-quota-sets/{project_id}/detail"""
    _allowed(req, rules.DETAIL, project_id)
    with req.cells.api.read() as tx:
        return views.usages(req, _limits(tx, req, project_id), quotas.usages(tx, project_id, _user(req)), project_id)


@operation(query=schemas.DEFAULTS_QUERY)
def defaults(req, project_id):
    """GET /os-quota-sets/{project_id}/defaults"""
    _allowed(req, rules.DEFAULTS, project_id)
    with req.cells.api.read() as tx:
        return views.limits(req, quota_limits.of_class(tx, req.conf), project_id)


@operation(body=schemas.UPDATE, query=schemas.QUERY)
def update(req, project_id):
    """PUT /os-quota-sets/{project_id}"""
    _allowed(req, rules.UPDATE, project_id)
    wanted = {name: int(limit) for name, limit in req.body['quota_set'].items() if name != 'force'}
    force = types.is_true(req.body['quota_set'].get('force', False))
    return views.limits(req, req.cells.api.transact(_update, req, project_id, wanted, force))


@operation(status=202, query=schemas.QUERY)
def delete(req, project_id):
    """DELETE /os-quota-sets/{project_id}"""
    req.authorize(rules.DELETE, {'project_id': project_id})
    req.cells.api.transact(quota_limits.delete, project_id, _user(req))


def _allowed(req, rule, project_id):
    req.authorize(rule, {'project_id': project_id})
    if len(project_id) > _LONGEST_ID or len(_user(req) or '') > _LONGEST_ID:
        raise errors.Invalid(f'The id of a project or a user has at most {_LONGEST_ID} characters.')
    projects.verify(req, project_id)


def _user(req):
    """The user whose quotas are meant, None for the project's."""
    return req.query.get('user_id', [None])[0] or None


def _limits(tx, req, project_id):
    user_id = _user(req)
    if user_id is None:
        return quota_limits.of_project(tx, req.conf, project_id)
    return quota_limits.of_user(tx, req.conf, project_id, user_id)


def _update(tx, req, project_id, wanted, force):
    user_id = _user(req)
    if not force:
        used = quotas.usages(tx, project_id, user_id)
        most = {} if user_id is None else quota_limits.of_project(tx, req.conf, project_id)
        for name, limit in wanted.items():
            _check(name, limit, used[name], most.get(name, quota_limits.UNLIMITED))
    quota_limits.set_limits(tx, project_id, user_id, wanted)
    return _limits(tx, req, project_id)


def _check(name, limit, least, most):
    """Refuse a limit below what is used already, or a user's above the project's."""
    unlimited = quota_limits.UNLIMITED
    if limit != unlimited and limit < least:
        raise errors.Invalid(f'Quota limit {limit} for {name} must be greater than or equal to already used and '
                             f'reserved {least}.')
    if most != unlimited and (limit == unlimited or limit > most):
        raise errors.Invalid(f'Quota limit {limit} for {name} must be less than or equal to {most}.')
