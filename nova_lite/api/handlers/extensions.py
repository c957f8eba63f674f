# SPDX-License-Identifier: Apache-2.0
"""The list of extensions, which older clients still read."""

from nova_lite.api import errors
from nova_lite.api.operation import operation
from nova_lite.api.schemas import types
from nova_lite.api.views import extensions as views
from nova_lite.policies import extensions as rules


@operation(query=types.NO_QUERY)
def index(req):
    """GET /extensions"""
    req.authorize(rules.EXTENSIONS, {})
    return {'extensions': views.every(req.legacy)}


@operation(query=types.NO_QUERY)
def show(req, alias):
    """GET /extensions/{alias}"""
    req.authorize(rules.EXTENSIONS, {})
    for extension in views.every(req.legacy):
        if extension['alias'] == alias:
            return {'extension': extension}
    raise errors.Fault(404)
