# SPDX-License-Identifier: Apache-2.0
"""Keystone's REST API as far as users, roles and endpoints need it. Plain HTTP: a client library takes longer to load
than this takes to finish."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable

from devstack.errors import DevstackError

REGION = 'RegionOne'
INTERFACES = ('public', 'internal', 'admin')


class Catalog:
    """Makes what is missing. ``secret`` gives the password of a user's name; raises DevstackError on a refusal."""

    def __init__(self, auth_url: str, secret: Callable[[str], str]):
        self._auth_url = auth_url
        self._secret = secret
        self._token: str | None = None

    def fill(self, endpoints: dict[str, tuple[str, str]], service_users: tuple[str, ...],
             users: tuple[str, ...]) -> None:
        """``endpoints`` maps a service type to (name, url); ``service_users`` get role service, ``users`` a project of
        their own name with role member."""
        self._log_in()
        service_project = self._ensure('project', 'service')
        roles = {name: self._find('role', name)['id'] for name in ('service', 'member')}
        for name in service_users:
            self._grant(service_project, self._user(name), roles['service'])
        for name in users:
            self._grant(self._ensure('project', name), self._user(name), roles['member'])
        for kind, (name, url) in endpoints.items():
            self._endpoint(self._find('service', name) or self._create('service', {'type': kind, 'name': name}), url)

    def _log_in(self) -> None:
        password = {'user': {'name': 'admin', 'domain': {'id': 'default'},
                             'password': self._secret('admin')}}
        self._token = self._call('POST', '/auth/tokens', {'auth': {
            'identity': {'methods': ['password'], 'password': password},
            'scope': {'project': {'name': 'admin', 'domain': {'id': 'default'}}}}})[0]

    def _user(self, name: str) -> str:
        return self._ensure('user', name, password=self._secret(name))

    def _ensure(self, kind: str, name: str, **values: str) -> str:
        found = self._find(kind, name)
        return (found or self._create(kind, {'name': name, 'domain_id': 'default', **values}))['id']

    def _find(self, kind: str, name: str) -> dict | None:
        found = self._call('GET', f'/{kind}s?name={name}')[1][f'{kind}s']
        return found[0] if found else None

    def _create(self, kind: str, values: dict) -> dict:
        return self._call('POST', f'/{kind}s', {kind: values})[1][kind]

    def _grant(self, project: str, user: str, role: str) -> None:
        self._call('PUT', f'/projects/{project}/users/{user}/roles/{role}')

    def _endpoint(self, service: dict, url: str) -> None:
        known = {found['interface']: found
                 for found in self._call('GET', f'/endpoints?service_id={service["id"]}')[1]['endpoints']}
        for interface in INTERFACES:
            values = {'service_id': service['id'], 'interface': interface, 'url': url, 'region_id': REGION}
            if interface not in known:
                self._create('endpoint', values)
            elif known[interface]['url'] != url:
                self._call('PATCH', f'/endpoints/{known[interface]["id"]}', {'endpoint': {'url': url}})

    def _call(self, method: str, path: str, body: dict | None = None) -> tuple[str, dict]:
        headers = {'Content-Type': 'application/json'} | ({'X-Auth-Token': self._token} if self._token else {})
        request = urllib.request.Request(f'{self._auth_url}{path}', method=method, headers=headers,
                                         data=None if body is None else json.dumps(body).encode())
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as answer:
                text = answer.read()
                return answer.headers.get('X-Subject-Token', ''), json.loads(text) if text else {}
        except urllib.error.HTTPError as error:
            raise DevstackError(f'Keystone answered {error.code} to {method} {path.partition("?")[0]}') from error
