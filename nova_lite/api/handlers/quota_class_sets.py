# SPDX-License-Identifier: Apache-2.0
"""Quotas of classes; `default` is the one that rules projects without limits of their own."""

from nova_lite import errors
from nova_lite.api.operation import operation
from nova_lite.api.schemas import quota_class_sets as schemas
from nova_lite.api.schemas import types
from nova_lite.api.views import quota_class_sets as views
from nova_lite.db import quota_limits
from nova_lite.policies import quota_class_sets as rules

_LONGEST = 255


@operation(query=types.NO_QUERY)
def show(req, quota_class):
    """GET /os-quota-class-sets/{quota_class}"""
    req.authorize(rules.SHOW, {})
    with req.cells.api.read() as tx:
        return views.limits(req, quota_limits.of_class(tx, req.conf, quota_class), quota_class)


@operation(body=schemas.UPDATE)
def update(req, quota_class):
    """PUT /os-quota-class-sets/{quota_class}"""
    req.authorize(rules.UPDATE, {})
    if len(quota_class) > _LONGEST:
        raise errors.Invalid(f'quota_class_name has {len(quota_class)} characters, more than {_LONGEST}.')
    wanted = {name: int(limit) for name, limit in req.body['quota_class_set'].items()}
    return views.limits(req, req.cells.api.transact(_update, req, quota_class, wanted))


def _update(tx, req, quota_class, wanted):
    quota_limits.set_class_limits(tx, quota_class, wanted)
    return quota_limits.of_class(tx, req.conf, quota_class)
