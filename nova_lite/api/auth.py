# SPDX-License-Identifier: Apache-2.0
"""Who asks: a WSGI environment -> a RequestContext, or the answer of the one who refused it.

Two ways, `[api] auth_strategy`: `keystone` (keystonemiddleware, its options taken from the ConfigOpts passed in) and
`noauth2` (the token says it all: for tests and benchmarks only).
"""

import json

from keystonemiddleware import auth_token

from nova_lite import context as contexts
from nova_lite import errors


class Refused(errors.Error):
    """The asker is not known. `status`: as in WSGI; `headers`: pairs; `body`: bytes."""

    def __init__(self, status, headers, body):
        super().__init__(status)
        self.status = status
        self.headers = headers
        self.body = body


def load(conf):
    """The authenticator that `[api] auth_strategy` names."""
    return KeystoneAuth(conf) if conf.api.auth_strategy == 'keystone' else NoAuth()


class KeystoneAuth:
    """keystonemiddleware validates the token (and caches it in this process); its headers make the context."""

    def __init__(self, conf):
        self._middleware = auth_token.AuthProtocol(_passed, {'oslo_config_config': conf})

    def identify(self, environ, request_id):
        """The context of a request. Raises Refused (401 without a valid token, 503 while Keystone is away)."""
        environ.pop(_PASSED, None)
        answer = {}

        def start_response(status, headers, exc_info=None):
            answer['status'], answer['headers'] = status, headers

        body = b''.join(self._middleware(environ, start_response))
        if _PASSED not in environ:
            raise Refused(answer['status'], answer['headers'], body)
        context = contexts.RequestContext.from_environ(
            environ, request_id=request_id, remote_address=environ.get('REMOTE_ADDR'))
        if context.user_id is None:
            raise _unauthorized()
        return context


class NoAuth:
    """The token is `user` or `user:project`; the user `admin` has the role admin. `X-Roles` adds roles."""

    def identify(self, environ, request_id):
        """The context of a request. Raises Refused without a token."""
        token = environ.get('HTTP_X_AUTH_TOKEN')
        if not token:
            raise _unauthorized()
        user, _, project = token.partition(':')
        roles = [role.strip() for role in environ.get('HTTP_X_ROLES', '').split(',') if role.strip()]
        if user == 'admin':
            roles = ['admin', 'manager', 'member', 'reader', *roles]
        elif not roles:
            roles = ['member', 'reader']
        return contexts.RequestContext(
            user_id=user, project_id=project or user, roles=roles, request_id=request_id, auth_token=token,
            global_request_id=environ.get('HTTP_X_OPENSTACK_REQUEST_ID'),
            remote_address=environ.get('REMOTE_ADDR'))


_PASSED = 'nova_lite.token_is_valid'


def _passed(environ, start_response):
    environ[_PASSED] = True
    start_response('204 No Content', [])
    return []


def _unauthorized():
    body = json.dumps({'error': {'code': 401, 'title': 'Unauthorized',
                                 'message': 'The request you have made requires authentication.'}}).encode()
    return Refused('401 Unauthorized', [('Content-Type', 'application/json')], body)
