# SPDX-License-Identifier: Apache-2.0
"""Version documents. The roots need no token, and `/` no microversion: it is how clients find out about them."""

import msgspec

from nova_lite.api import errors
from nova_lite.api.operation import operation
from nova_lite.api.views import versions as views


@operation()
def root(req):
    """GET /v2.1/ and GET /v2/"""
    return views.one(req.http, req.conf, *_here(req))


@operation()
def show(req, id):
    """GET /versions/{id}"""
    here, base = _here(req)
    wanted = here if req.legacy else id
    if wanted not in views.IDS:
        raise errors.Fault(404)
    return views.one(req.http, req.conf, wanted, base)


def _here(req):
    return ('v2.0', '/v2') if req.legacy else ('v2.1', '/v2.1')


class Unversioned:
    """What is answered outside /v2.1 and /v2, to any method: the list of versions, or 300 and the choices."""

    def __init__(self, conf):
        self._conf = conf

    def __call__(self, http, resp, **params):
        """A Falcon sink."""
        path = http.context.state.uri.partition('?')[0]
        if path in ('', '/'):
            found = views.every(http, self._conf)
        else:
            resp.status = 300
            found = views.choices(http, self._conf, path)
        resp.content_type = 'application/json'
        resp.data = msgspec.json.encode(found)
