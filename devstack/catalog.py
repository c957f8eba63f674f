# SPDX-License-Identifier: Apache-2.0
"""Users, roles, services and endpoints in Keystone, by plain HTTP: a client library would take longer to load."""

from collections.abc import Callable

from devstack import rest

REGION = 'RegionOne'
INTERFACES = ('public', 'internal', 'admin')


class Catalog:
    """Makes what is missing, as the administrator. ``secret`` gives the password of a user's name."""

    def __init__(self, auth_url: str, secret: Callable[[str], str]):
        self._auth_url = auth_url
        self._secret = secret
        self._session = rest.Session(auth_url, 'admin', secret('admin'), 'admin')

    def fill(self, endpoints: dict[str, tuple[str, str]], service_users: tuple[str, ...],
             users: tuple[str, ...]) -> None:
        """``endpoints`` maps a service type to (name, url); ``service_users`` get role service in project service,
        ``users`` a project of their own name with role member. Raises DevstackError on a refusal."""
        service_project = self._ensure('project', 'service')
        roles = {name: self._find('role', name)['id'] for name in ('service', 'member')}
        for name in service_users:
            self._grant(service_project, self._user(name), roles['service'])
        for name in users:
            self._grant(self._ensure('project', name), self._user(name), roles['member'])
        for kind, (name, url) in endpoints.items():
            self._endpoint(self._find('service', name) or self._create('service', {'type': kind, 'name': name}), url)

    def _user(self, name: str) -> str:
        return self._ensure('user', name, password=self._secret(name))

    def _ensure(self, kind: str, name: str, **values: str) -> str:
        found = self._find(kind, name)
        return (found or self._create(kind, {'name': name, 'domain_id': 'default', **values}))['id']

    def _find(self, kind: str, name: str) -> dict | None:
        found = self._call('GET', f'/{kind}s?name={name}')[f'{kind}s']
        return found[0] if found else None

    def _create(self, kind: str, values: dict) -> dict:
        return self._call('POST', f'/{kind}s', {kind: values})[kind]

    def _grant(self, project: str, user: str, role: str) -> None:
        self._call('PUT', f'/projects/{project}/users/{user}/roles/{role}')

    def _endpoint(self, service: dict, url: str) -> None:
        known = {found['interface']: found
                 for found in self._call('GET', f'/endpoints?service_id={service["id"]}')['endpoints']}
        for interface in INTERFACES:
            if interface not in known:
                self._create('endpoint', {'service_id': service['id'], 'interface': interface, 'url': url,
                                          'region_id': REGION})
            elif known[interface]['url'] != url:
                self._call('PATCH', f'/endpoints/{known[interface]["id"]}', {'endpoint': {'url': url}})

    def _call(self, method: str, path: str, body: dict | None = None) -> dict:
        return self._session.call(method, f'{self._auth_url}{path}', body)
