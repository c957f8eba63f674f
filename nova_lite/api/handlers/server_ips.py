# SPDX-License-Identifier: Apache-2.0
"""The addresses of servers. Without a network service a server has none."""

from nova_lite import errors
from nova_lite.api.handlers.server_find import find
from nova_lite.api.operation import operation
from nova_lite.api.schemas import types
from nova_lite.policies import server_ips as rules


@operation(query=types.NO_QUERY)
def index(req, server_id):
    """GET /servers/{server_id}/ips"""
    req.authorize(rules.INDEX, find(req, server_id).target)
    return {'addresses': {}}


@operation(query=types.NO_QUERY)
def show(req, server_id, label):
    """GET /servers/{server_id}/ips/{label}"""
    req.authorize(rules.SHOW, find(req, server_id).target)
    raise errors.NotFound('Instance is not a member of specified network')
