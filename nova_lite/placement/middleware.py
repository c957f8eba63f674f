# SPDX-License-Identifier: Apache-2.0
"""What happens to every request: its id and its line in the log, who asks, and which version is spoken."""

import logging
import re

import falcon
from oslo_context import context as oslo_context

from nova_lite.placement import context, documents, errors, microversions

LOG = logging.getLogger(__name__)
_REQUEST_ID = 'openstack.request_id'
_GLOBAL_ID = re.compile(r'^req-[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}$')
# The version document needs no token.
OPEN_PATHS = ('/', '')


class RequestLog:
    """Gives the request an id, sends it with the answer and logs one line at its end. WSGI, outside of
    authentication.
    """

    def __init__(self, application):
        self._application = application

    def __call__(self, environ, start_response):
        request_id = environ[_REQUEST_ID] = oslo_context.generate_request_id()
        outer = environ.get('HTTP_X_OPENSTACK_REQUEST_ID', '')
        environ['placement.global_request_id'] = outer if _GLOBAL_ID.match(outer) else None
        oslo_context.RequestContext(request_id=request_id, global_request_id=environ['placement.global_request_id'])

        def start(status, headers, exc_info=None):
            headers.append(('x-openstack-request-id', request_id))
            if LOG.isEnabledFor(logging.INFO):
                self._log(environ, status, headers)
            return start_response(status, headers, *([exc_info] if exc_info else []))

        return self._application(environ, start)

    def _log(self, environ, status, headers):
        size = next((value for name, value in headers if name.lower() == 'content-length'), '-')
        uri = environ.get('SCRIPT_NAME', '') + environ.get('PATH_INFO', '')
        if environ.get('QUERY_STRING'):
            uri += '?' + environ['QUERY_STRING']
        LOG.info('%s "%s %s" status: %s len: %s microversion: %s', environ.get('REMOTE_ADDR', '-'),
                 environ['REQUEST_METHOD'], uri, status.split(None, 1)[0], size,
                 environ.get('placement.microversion', '-'))


def keystone_identity(req):
    """The caller whom keystonemiddleware has validated, None if there is none."""
    identity = context.RequestContext.from_environ(req.env, request_id=req.env.get(_REQUEST_ID))
    return identity if identity.user_id else None


def trusted_identity(req):
    """The caller as the token claims it: `user[:project]`, `admin` being an administrator; None without a token.

    The headers x-roles, x-project-id and openstack-system-scope say more.
    """
    token = req.env.get('HTTP_X_AUTH_TOKEN')
    if token is None:
        return None
    user, _, project = token.partition(':')
    scope = req.env.get('HTTP_OPENSTACK_SYSTEM_SCOPE')
    project = req.env.get('HTTP_X_PROJECT_ID') or (None if scope else project or user)
    roles = req.env.get('HTTP_X_ROLES')
    roles = [role.strip() for role in roles.split(',')] if roles is not None else ['admin'] if user == 'admin' else []
    return context.RequestContext(
        user_id=user, project_id=project, roles=roles, system_scope=scope,
        request_id=req.env.get(_REQUEST_ID), global_request_id=req.env.get('placement.global_request_id'))


class Entry:
    """Falcon middleware: identity, version, then the checks that come before a route is chosen."""

    def __init__(self, identify):
        self._identify = identify

    def process_request(self, req, resp):
        req.context.version = None
        req.context.vary = True
        req.context.identity = self._identify(req)
        path = req.env.get('PATH_INFO', '')
        if req.context.identity is None and path not in OPEN_PATHS:
            documents.unauthorized(resp)
            resp.complete = True
            return
        try:
            version = microversions.negotiate(req.env.get('HTTP_OPENSTACK_API_VERSION'))
        except microversions.Malformed as exc:
            self._refuse(req, resp, 400, str(exc))
            return
        except microversions.Unknown as exc:
            self._refuse(req, resp, 406, str(exc), versions=True)
            return
        req.context.version = version
        req.env['placement.microversion'] = str(version)
        self._check_content(req.env)
        # Some servers fold the slashes at the beginning of a path, and keep the path as it came beside it.
        as_it_came = req.env.get('REQUEST_URI', '')
        if (path != '/' and path.endswith('/')) or '//' in path or '\0' in path or as_it_came.startswith('//'):
            raise errors.NothingThere('')

    def process_response(self, req, resp, resource, succeeded):
        version = req.context.version
        if version is not None:
            resp.set_header(microversions.HEADER, f'{microversions.SERVICE} {version}')
            if req.context.vary:
                resp.append_header('vary', microversions.HEADER)

    def _refuse(self, req, resp, status, message, **more):
        documents.refuse(req, resp, status, message, request_id=req.env.get(_REQUEST_ID), **more)
        resp.complete = True

    def _check_content(self, environ):
        length = environ.get('CONTENT_LENGTH')
        try:
            if length and int(length) > 0 and not environ.get('CONTENT_TYPE'):
                raise errors.ContentTypeMissing('content-type header required when content-length > 0')
        except ValueError as exc:
            raise errors.ContentTypeMissing('content-length header must be an integer') from exc


def add_error_handlers(app):
    app.add_error_handler(Exception, _failed)
    app.add_error_handler(falcon.HTTPError, _falcon_refused)
    app.add_error_handler(errors.Refusal, _refused)


def _refused(req, resp, exc, params):
    req.context.vary = exc.vary
    if isinstance(exc, errors.MethodNotAllowed) and exc.allowed:
        resp.set_header('allow', exc.allowed)
    documents.refuse(req, resp, exc.status, str(exc), exc.code, req.env.get(_REQUEST_ID))


def _falcon_refused(req, resp, exc, params):
    status = int(str(exc.status).split()[0])
    if status == 404:
        _refused(req, resp, errors.NothingThere(''), params)
    elif status == 400 and req.method not in falcon.COMBINED_METHODS:
        _refused(req, resp, errors.MethodNotAllowed(''), params)
    else:
        refusal = errors.BadRequest(exc.description or exc.title or '')
        refusal.status = status if status in (400, 405, 406, 415) else 400
        _refused(req, resp, refusal, params)


def _failed(req, resp, exc, params):
    LOG.exception('Placement API unexpected error: %s', exc)
    documents.refuse(req, resp, 500, str(exc), request_id=req.env.get(_REQUEST_ID))
