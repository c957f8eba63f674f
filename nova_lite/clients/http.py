# SPDX-License-Identifier: Apache-2.0
"""One HTTP service as a section of nova.conf names it: login and catalog by keystoneauth1, requests by urllib3.

keystoneauth1's own requests cost four times as much CPU (`doc/adr/0012`), so it only finds tokens and endpoints here.
"""

import threading
import time
from urllib.parse import urlsplit

import msgspec
import urllib3
from keystoneauth1 import exceptions as ka_exceptions
from keystoneauth1 import loading
from oslo_log import log

from nova_lite import context as contexts
from nova_lite import errors

LOG = log.getLogger(__name__)

DEFAULT_TIMEOUT = 60.0
POOL_SIZE = 20
# How long, in seconds, an endpoint from the catalog is used before the catalog is read again.
ENDPOINT_LIFE = 600.0
_BROKEN = (urllib3.exceptions.HTTPError, OSError)


class Response:
    """An answer with its whole body."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def decode(self, kind=dict):
        """The JSON body as `kind`. Raises Unavailable for what is not that: a proxy answered, or a broken service."""
        try:
            return msgspec.json.decode(self.body, type=kind)
        except msgspec.MsgspecError as error:
            raise errors.Unavailable(f'A service answered something unexpected: {error}') from error


class Http:
    """Requests to the service of the section `group`, logged in as that section says.

    `fallback` names the section to log in with where `group` has no `auth_type`. `endpoint` is where the service is if
    `endpoint_override` is empty; without both the catalog says. `version` is cut off the end of the endpoint's path.
    Safe to share between threads.
    """

    def __init__(self, conf, group, fallback=None, endpoint=None, version=''):
        self.name = group
        section = conf[group]
        self._auth = _load_auth(conf, group) or (_load_auth(conf, fallback) if fallback else None)
        self._session = loading.load_session_from_conf_options(conf, group)
        # Without this, waiting for Keystone has no end.
        self._session.timeout = section.timeout or DEFAULT_TIMEOUT
        self._adapter = loading.load_adapter_from_conf_options(conf, group, session=self._session, auth=self._auth)
        self._service_auth = _load_auth(conf, 'service_user') if conf.service_user.send_service_user_token else None
        self._endpoint = section.endpoint_override or endpoint
        self._version = version
        self._timeout = urllib3.Timeout(connect=min(10.0, section.timeout or 10.0),
                                        read=section.timeout or DEFAULT_TIMEOUT)
        self._tls = {
            'cert_reqs': 'CERT_NONE' if section.insecure else 'CERT_REQUIRED', 'ca_certs': section.cafile,
            'cert_file': section.certfile, 'key_file': section.keyfile,
        }
        self._lock = threading.Lock()
        self._pool = None
        self._path = ''
        self._found = 0.0

    def request(self, method, path, *, json=None, headers=None, token=None, stream=False):
        """Send one request; returns a Response of any status (with `stream`: urllib3's, unread, to be released).

        `json` is encoded by msgspec. With a `token` the request is that user's (accompanied by the service's own token
        where `[service_user]` says so), else the service's own. Raises Unavailable if there is no answer, also for a
        token or an endpoint; a GET is tried twice if its connection breaks.
        """
        body = None if json is None else msgspec.json.encode(json)
        answer = self._send(method, path, body, self._headers(headers, body, token), stream)
        if answer.status == 401 and token is None and self._auth is not None and self._auth.invalidate():
            # The service's own token was revoked or Keystone's keys were changed: one new one.
            answer.close()
            answer = self._send(method, path, body, self._headers(headers, body, token), stream)
        if answer.status in (401, 403) and token is None:
            answer.close()
            raise errors.Unavailable(
                f'The service {self.name} refuses our own user ({answer.status}): check the section [{self.name}].')
        return answer if stream else Response(answer.status, answer.headers, answer.data)

    def _headers(self, extra, body, token):
        headers = {'Accept': 'application/json', 'User-Agent': 'nova_lite'}
        if body is not None:
            headers['Content-Type'] = 'application/json'
        try:
            if token is not None:
                headers['X-Auth-Token'] = token
                if self._service_auth is not None:
                    headers['X-Service-Token'] = self._service_auth.get_token(self._session)
            elif self._auth is not None:
                headers.update(self._auth.get_headers(self._session) or {})
        except ka_exceptions.ClientException as error:
            raise errors.Unavailable(f'No token for the service {self.name}: {error}') from error
        asker = contexts.current()
        if asker is not None:
            headers['X-Openstack-Request-Id'] = asker.global_id
        headers.update(extra or {})
        return headers

    def _send(self, method, path, body, headers, stream):
        for last in (method != 'GET', True):
            pool, prefix = self._place()
            try:
                return pool.urlopen(
                    method, prefix + path, body=body, headers=headers, retries=False, redirect=False,
                    assert_same_host=False, timeout=self._timeout, preload_content=not stream)
            except _BROKEN as error:
                with self._lock:
                    self._found = 0.0
                if last or isinstance(error, urllib3.exceptions.TimeoutError):
                    raise errors.Unavailable(f'The service {self.name} did not answer: {_say(error)}') from error
        raise AssertionError('unreachable')

    def _place(self):
        with self._lock:
            if self._pool is not None and time.monotonic() - self._found < ENDPOINT_LIFE:
                return self._pool, self._path
        url = self._find()
        with self._lock:
            parts = urlsplit(url)
            default = 443 if parts.scheme == 'https' else 80
            if self._pool is None or (parts.hostname, parts.port or default) != (self._pool.host, self._pool.port):
                self._pool = self._make_pool(parts, default)
            self._path = parts.path.rstrip('/').removesuffix(self._version)
            self._found = time.monotonic()
            return self._pool, self._path

    def _find(self):
        try:
            url = self._endpoint or self._adapter.get_endpoint()
        except ka_exceptions.ClientException as error:
            raise errors.Unavailable(f'The service {self.name} cannot be found: {error}') from error
        if not url:
            raise errors.Unavailable(f'The catalog has no service {self.name}, and endpoint_override is empty.')
        return url

    def _make_pool(self, parts, default):
        if parts.scheme == 'https':
            return urllib3.HTTPSConnectionPool(
                parts.hostname, parts.port or default, maxsize=POOL_SIZE, block=False, **self._tls)
        return urllib3.HTTPConnectionPool(parts.hostname, parts.port or default, maxsize=POOL_SIZE, block=False)


def check(response, what):
    """Raise the kind of error that `response` means; `what` names the thing asked for, for the message.

    `details['code']` is the service's own code for the error, where it gives one (`placement.concurrent_update`).
    """
    status = response.status
    if status < 400:
        return response
    message, code = _explain(response)
    text = f'{what}: {message or f"HTTP status {status}"}'
    if status >= 500 or status in (408, 413, 429):
        raise errors.Unavailable(text, status=status, code=code)
    kind = {401: errors.Forbidden, 403: errors.Forbidden, 404: errors.NotFound, 409: errors.Conflict,
            405: errors.Unsupported, 406: errors.Unsupported, 410: errors.NotFound}.get(status, errors.Invalid)
    raise kind(text, status=status, code=code)


def _explain(response):
    try:
        data = msgspec.json.decode(response.body)
    except msgspec.DecodeError:
        return '', None
    first = (data.get('errors') or [None])[0] if isinstance(data, dict) else None
    if isinstance(first, dict):
        return str(first.get('detail') or first.get('title') or '').strip(), first.get('code')
    return '', None


def _load_auth(conf, group):
    if not conf[group].auth_type and not conf[group].auth_section:
        return None
    try:
        return loading.load_auth_from_conf_options(conf, group)
    except ka_exceptions.ClientException as error:
        raise errors.Invalid(f'The section [{group}] does not say how to log in: {error}') from error


def _say(error):
    reason = getattr(error, 'reason', None)
    return str(reason or error).split('\n', 1)[0]
