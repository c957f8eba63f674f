# SPDX-License-Identifier: Apache-2.0
"""The pipeline of the compute API: `make_app` composes it. Read this first, then `routes.py`.

    Scope               request id, /v2.1 or /v2, headers and the log line
    Limit               the size of a body                                          413
    Authentication      who asks                                                    401
    router              path and method -> Resource                                 404 in plain text
    Resource            microversion 406 400, content 415 400, project of the path  400, then the Operation:
      Operation           its versions 404, body and query schema 400, the function
    errors              whatever was raised -> fault document
"""

import falcon
import msgspec
from oslo_log import log

from nova_lite.api import auth, errors, microversions, middleware, operation, request, routes
from nova_lite.api.handlers import versions

LOG = log.getLogger(__name__)

_encode = msgspec.json.Encoder().encode
_JSON = 'application/json'
_FAULT_JSON = 'application/json; charset=UTF-8'
_VENDOR_JSON = 'application/vnd.openstack.compute+json'


def make_app(conf, deps, authenticator=None):
    """The compute API as a WSGI application. `authenticator`: None means the one that `[api] auth_strategy` names."""
    middleware.register_opts(conf)
    app = falcon.App(middleware=[
        middleware.Scope(),
        middleware.Limit(conf.oslo_middleware.max_request_body_size),
        middleware.Authentication(authenticator or auth.load(conf), deps.policy),
    ])
    app.req_options.strip_url_path_trailing_slash = False
    app.add_error_handler(Exception, _unexpected)
    app.add_error_handler(falcon.HTTPError, _falcon_error)
    for path, methods in routes.table().items():
        app.add_route(path, Resource(deps, methods))
    app.add_sink(versions.Unversioned(conf), middleware.UNVERSIONED)
    return middleware.outer(app, conf)


class Resource:
    """What one path answers: method -> Operation or Actions."""

    def __init__(self, deps, methods):
        self._deps = deps
        for method, target in methods.items():
            setattr(self, f'on_{method.lower()}', self._responder(target))

    def on_options(self, http, resp, **params):
        """Falcon would answer this itself; Nova has no route for it (CORS is answered before)."""
        middleware.not_found(http, resp)

    def _responder(self, target):
        def respond(http, resp, **params):
            state = http.context.state
            try:
                self._answer(target, http, resp, state, params)
            except Exception as error:  # noqa: BLE001  the border to the client: every failure has an answer
                fail(error, http, resp)
        return respond

    def _answer(self, target, http, resp, state, params):
        legacy = state.root == '/v2'
        version, state.echo = microversions.FIRST, '2.1'
        if not legacy:
            state.echo = None
            version, state.echo = microversions.negotiate(
                http.get_header('OpenStack-API-Version'), http.get_header('X-OpenStack-Nova-API-Version'))
        content = operation.read_content(http)
        found = target.pick(content) if isinstance(target, operation.Actions) else target
        if state.project_id and state.context is not None and state.project_id != state.context.project_id:
            raise errors.Fault(400, f"Malformed request URL: URL's project_id '{state.project_id}' doesn't match "
                                    f"Context's project_id '{state.context.project_id}'")
        req = request.Request(http, self._deps, state.context, version, legacy, state.project_id)
        req.query = request.parse_query(http.query_string)
        if '\0' in http.path:
            raise errors.Fault(404)
        status, body = found.run(req, params, content)
        resp.status = status
        if status != 204:
            resp.content_type = _VENDOR_JSON if http.get_header('Accept') == _VENDOR_JSON else _JSON
        for name, value in req.response_headers.items():
            resp.set_header(name, value)
        resp.data = b'' if body is None else _encode(body)


def fail(error, http, resp):
    """Answer with the fault document of `error`."""
    status, document = errors.answer(error)
    if status == 500:
        LOG.exception('%s %s failed', http.method, http.path, exc_info=error)
    else:
        LOG.debug('%s %s is answered %s: %s', http.method, http.path, status, error)
    if isinstance(error, errors.Fault) and error.echo is not None:
        http.context.state.echo = error.echo
    resp.status = status
    resp.content_type = _FAULT_JSON
    resp.data = _encode(document)


def _unexpected(http, resp, error, params):
    fail(error, http, resp)


def _falcon_error(http, resp, error, params):
    """Falcon's own: no route, no such method."""
    if error.status_code in (404, 405):
        middleware.not_found(http, resp)
    else:
        fail(errors.Fault(error.status_code, error.description or error.title), http, resp)
