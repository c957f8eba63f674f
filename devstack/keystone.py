# SPDX-License-Identifier: Apache-2.0
"""Keystone from PyPI: Fernet tokens, SQLite, users, services and endpoints of a small cloud."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from devstack import ports, process, wsgi
from devstack.catalog import INTERFACES, REGION, Catalog
from devstack.layout import Layout


@dataclass
class Keystone:
    """The identity service. ``venv`` is where keystone and uWSGI are installed."""

    layout: Layout
    venv: Path
    port: int
    name: str = 'keystone'

    @property
    def auth_url(self) -> str:
        return f'http://{ports.LOOPBACK}:{self.port}/v3'

    def start(self) -> None:
        """Make database, keys and the admin the first time; serve; wait for the first answer."""
        self._configure()
        if not (self._home / 'ready').exists():
            self._bootstrap()
            (self._home / 'ready').touch()
        wsgi.start(self.layout, self.name, self.venv, 'keystone.wsgi.api', self.port, self._environment())

    def stop(self) -> None:
        process.stop(self.layout, self.name)

    def fill(self, endpoints: dict[str, tuple[str, str]], service_users: tuple[str, ...],
             users: tuple[str, ...]) -> None:
        """Make the users and endpoints that are missing; see :meth:`devstack.catalog.Catalog.fill`."""
        Catalog(self.auth_url, self.layout.secret).fill(endpoints, service_users, users)

    def credentials(self, user: str, project: str | None = None) -> dict[str, str]:
        """What keystoneauth's ``password`` plug-in needs to act as ``user`` (in ``project``, default: service)."""
        return {'auth_url': self.auth_url, 'auth_type': 'password', 'username': user,
                'password': self.layout.secret(user), 'project_name': project or 'service',
                'user_domain_name': 'Default', 'project_domain_name': 'Default', 'region_name': REGION}

    def openrc(self, user: str, project: str | None = None) -> str:
        """Shell lines that make the ``openstack`` command act as ``user``."""
        values = {'OS_AUTH_URL': self.auth_url, 'OS_USERNAME': user, 'OS_PASSWORD': self.layout.secret(user),
                  'OS_PROJECT_NAME': project or user, 'OS_USER_DOMAIN_NAME': 'Default',
                  'OS_PROJECT_DOMAIN_NAME': 'Default', 'OS_IDENTITY_API_VERSION': '3', 'OS_REGION_NAME': REGION,
                  'OS_INTERFACE': 'public'}
        return ''.join(f"export {name}='{value}'\n" for name, value in values.items())

    @property
    def _home(self) -> Path:
        return self.layout.data(self.name)

    def _environment(self) -> dict[str, str]:
        return {'OS_KEYSTONE_CONFIG_DIR': str(self.layout.etc / 'keystone')}

    def _configure(self) -> None:
        home = self._home
        self.layout.write_ini(self.layout.etc / 'keystone' / 'keystone.conf', {
            'DEFAULT': {'use_stderr': 'true', 'public_endpoint': f'http://{ports.LOOPBACK}:{self.port}'},
            'database': {'connection': f'sqlite:///{home}/keystone.sqlite?timeout=30'},
            'token': {'provider': 'fernet', 'expiration': 86400},
            'fernet_tokens': {'key_repository': home / 'fernet-keys'},
            'fernet_receipts': {'key_repository': home / 'fernet-keys'},
            'credential': {'key_repository': home / 'credential-keys'},
            'cache': {'enabled': 'true', 'backend': 'dogpile.cache.memory'},
            # The cheapest that bcrypt allows: these passwords are random and never leave this machine.
            'identity': {'password_hash_rounds': 4},
            'oslo_policy': {'enforce_scope': 'true', 'enforce_new_defaults': 'true'},
        })

    def _bootstrap(self) -> None:
        owner = pwd.getpwuid(os.getuid())
        own = ['--keystone-user', str(owner.pw_uid), '--keystone-group', str(owner.pw_gid)]
        for folder in ('fernet-keys', 'credential-keys'):
            (self._home / folder).mkdir(mode=0o700, exist_ok=True)
        self._manage('db_sync')
        self._manage('fernet_setup', *own)
        self._manage('credential_setup', *own)
        self._manage('bootstrap', '--bootstrap-region-id', REGION,
                     *(word for name in INTERFACES for word in (f'--bootstrap-{name}-url', self.auth_url)),
                     env={'OS_BOOTSTRAP_PASSWORD': self.layout.secret('admin')})

    def _manage(self, *words: str, env: dict[str, str] | None = None) -> None:
        process.command(self.layout, 'keystone-manage', [
            self.venv / 'bin' / 'keystone-manage', '--config-file', self.layout.etc / 'keystone' / 'keystone.conf',
            *words], env)

