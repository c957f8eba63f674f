# SPDX-License-Identifier: Apache-2.0
"""What happens around every request: its id, who asks, which root it came to, one line in the log.

The order is the one of `app.py`. After this a request's path has neither version nor project id: the routes know none.
"""

import re
import time
import uuid

import falcon
from oslo_log import log
from oslo_middleware import cors, http_proxy_to_wsgi, sizelimit

from nova_lite import context as contexts
from nova_lite.api import auth

LOG = log.getLogger(__name__)

# A segment that may be a project id: hexadecimal digits and dashes, which no resource's name is made of alone.
_PROJECT = re.compile(r'/([0-9a-f-]+)(/.*)$')
_REQUEST_ID = re.compile(r'req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')
# Where every path without a version leads; no route begins so.
UNVERSIONED = '/~unversioned'
_NOWHERE = '/~nowhere'
_VERSIONED = ('/v2.1', '/v2')


class State:
    """What the middleware finds out about a request; `http.context` holds one.

    `root`: '/v2.1', '/v2', or None where no version is named. `echo`: the version that the answer's headers show.
    """

    __slots__ = ('started', 'request_id', 'root', 'project_id', 'context', 'echo', 'log_before', 'uri')

    def __init__(self):
        self.started = time.monotonic()
        self.request_id = f'req-{uuid.uuid4()}'
        self.root = self.project_id = self.context = self.echo = self.log_before = None
        self.uri = ''


class Scope:
    """Gives the request its id, finds the root, and when all is done writes headers and the line in the log."""

    def process_request(self, http, resp):
        """Falcon's hook before routing."""
        state = http.context.state = State()
        state.uri = http.path + ('?' + http.query_string if http.query_string else '')
        for root in _VERSIONED:
            if http.path == root or http.path.startswith(root + '/'):
                state.root = root
                # The router would take two slashes for one.
                http.path = _NOWHERE if '//' in http.path else http.path[len(root):] or '/'
                return
        http.path = UNVERSIONED

    def process_response(self, http, resp, resource, req_succeeded):
        """Falcon's hook after everything, failures included."""
        state = http.context.state
        if state.root is not None:
            resp.set_header('x-openstack-request-id', state.request_id)
            resp.set_header('x-compute-request-id', state.request_id)
        if state.echo is not None and state.root != '/v2':
            resp.set_header('OpenStack-API-Version', f'compute {state.echo}')
            resp.set_header('X-OpenStack-Nova-API-Version', state.echo)
            resp.set_header('Vary', 'OpenStack-API-Version, X-OpenStack-Nova-API-Version')
        if state.log_before is not None:
            state.log_before.__exit__(None, None, None)
        if LOG.isEnabledFor(log.INFO):
            LOG.info('%s "%s %s" status: %s len: %s microversion: %s time: %.6f', http.remote_addr, http.method,
                     state.uri, resp.status_code, len(resp.data or b''), state.echo or '-',
                     time.monotonic() - state.started, extra={'context': state.context})


class Authentication:
    """Finds out who asks. Version documents need nobody."""

    def __init__(self, authenticator, policy):
        self._authenticator = authenticator
        self._policy = policy

    def process_request(self, http, resp):
        """Falcon's hook before routing."""
        state = http.context.state
        if state.root is None or http.path == '/':
            return
        try:
            context = self._authenticator.identify(http.env, state.request_id)
        except auth.Refused as refused:
            resp.status = refused.status
            for name, value in refused.headers:
                if name.lower() != 'content-length':
                    resp.set_header(name, value)
            resp.data = refused.body
            resp.complete = True
            return
        sent_id = http.get_header('X-OpenStack-Request-ID')
        if sent_id and _REQUEST_ID.match(sent_id):
            context.global_request_id = sent_id
        context.is_admin = self._policy.is_admin(context)
        state.context = context
        state.log_before = contexts.bound(context)
        state.log_before.__enter__()
        match = _PROJECT.match(http.path)
        if match is not None:
            state.project_id, http.path = match.groups()
            if http.path == '/':
                http.path = '/versions/v2.1'


def not_found(http, resp):
    """The answer where no route leads, or none for this method: plain text, as Nova's router gives it."""
    resp.status = falcon.HTTP_404
    resp.content_type = 'text/plain; charset=UTF-8'
    resp.data = b'404 Not Found\n\nThe resource could not be found.\n\n   '


class Limit:
    """Refuses bodies that are too large, before anything reads them."""

    def __init__(self, most):
        self._most = most

    def process_request(self, http, resp):
        """Falcon's hook before routing."""
        length = http.content_length
        if length is None and http.get_header('Transfer-Encoding'):
            resp.status = falcon.HTTP_411
        elif length is not None and length > self._most:
            resp.status = falcon.HTTP_413
        else:
            return
        resp.content_type = 'text/plain; charset=UTF-8'
        resp.data = f'{resp.status}\n\nThe body of a request needs a length of at most {self._most}.\n'.encode()
        resp.complete = True


def register_opts(conf):
    """Register oslo.middleware's options: [oslo_middleware], [cors]."""
    conf.register_opts(sizelimit.OPTS, group='oslo_middleware')
    conf.register_opts(http_proxy_to_wsgi.OPTS, group='oslo_middleware')
    conf.register_opts(cors.OPTS, group='cors')
    versions = ['X-OpenStack-Nova-API-Version', 'OpenStack-API-Version']
    conf.set_default('allow_headers', ['X-Auth-Token', 'X-OpenStack-Request-ID', 'X-Identity-Status', 'X-Roles',
                                       'X-Service-Catalog', 'X-User-Id', 'X-Tenant-Id', *versions], group='cors')
    conf.set_default('expose_headers', ['X-Auth-Token', 'X-OpenStack-Request-ID', 'X-Subject-Token',
                                        'X-Service-Token', *versions], group='cors')
    conf.set_default('allow_methods', ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'], group='cors')


def outer(app, conf):
    """`app` behind what a deployment asked for: proxy headers ([oslo_middleware]) and CORS ([cors])."""
    if conf.oslo_middleware.enable_proxy_headers_parsing:
        app = http_proxy_to_wsgi.HTTPProxyToWSGI(app, conf)
    if conf.cors.allowed_origin:
        app = cors.CORS(app, conf)
    return app
