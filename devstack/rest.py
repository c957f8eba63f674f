# SPDX-License-Identifier: Apache-2.0
"""A client of OpenStack's REST APIs, in the standard library: a token and JSON over HTTP."""

import json
import urllib.error
import urllib.request

from devstack.errors import DevstackError

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Session:
    """Asks as one user, with a token fetched at the first request."""

    def __init__(self, auth_url: str, user: str, password: str, project: str):
        self._auth_url = auth_url
        self._auth = {
            'identity': {'methods': ['password'], 'password': {'user': {
                'name': user, 'password': password, 'domain': {'id': 'default'}}}},
            'scope': {'project': {'name': project, 'domain': {'id': 'default'}}}}
        self._token: str | None = None

    def token(self) -> str:
        if self._token is None:
            _body, headers = _ask('POST', f'{self._auth_url}/auth/tokens', {}, {'auth': self._auth})
            self._token = headers['X-Subject-Token']
        return self._token

    def call(self, method: str, url: str, body: dict | None = None, headers: dict[str, str] | None = None) -> dict:
        """The JSON answer (empty for none). Raises DevstackError on an error status or when nobody answers."""
        return _ask(method, url, {'X-Auth-Token': self.token(), **(headers or {})}, body)[0]


def _ask(method: str, url: str, headers: dict[str, str], body: dict | None) -> tuple[dict, dict]:
    request = urllib.request.Request(url, method=method, headers={'Content-Type': 'application/json', **headers},
                                     data=None if body is None else json.dumps(body).encode())
    try:
        with _opener.open(request, timeout=60) as answer:
            text = answer.read()
            return json.loads(text) if text else {}, answer.headers
    except urllib.error.HTTPError as error:
        said = error.read(500).decode(errors='replace')
        raise DevstackError(f'{method} {url} was answered with {error.code}: {said}') from error
    except OSError as error:
        raise DevstackError(f'{method} {url}: {error}') from error
