# SPDX-License-Identifier: Apache-2.0
"""Glance from PyPI: images in a folder, SQLite, tokens checked by Keystone."""

from dataclasses import dataclass
from pathlib import Path

from devstack import ports, process, wsgi
from devstack.keystone import Keystone
from devstack.layout import Layout


@dataclass
class Glance:
    """The image service. It needs a filled Keystone with a service user ``glance``."""

    layout: Layout
    venv: Path
    port: int
    keystone: Keystone
    name: str = 'glance'

    @property
    def url(self) -> str:
        return f'http://{ports.LOOPBACK}:{self.port}'

    def start(self) -> None:
        """Make the database the first time; serve; wait for the first answer."""
        self._configure()
        if not (self._home / 'ready').exists():
            process.command(self.layout, 'glance-manage', [
                self.venv / 'bin' / 'glance-manage', '--config-file', self._etc / 'glance-api.conf', 'db_sync'])
            (self._home / 'ready').touch()
        wsgi.start(self.layout, self.name, self.venv, 'glance.wsgi.api', self.port, {
            'OS_GLANCE_CONFIG_DIR': str(self._etc), 'OS_GLANCE_CONFIG_FILES': 'glance-api.conf'}, processes=1)

    def stop(self) -> None:
        process.stop(self.layout, self.name)

    @property
    def _home(self) -> Path:
        return self.layout.data(self.name)

    @property
    def _etc(self) -> Path:
        return self.layout.etc / 'glance'

    def _configure(self) -> None:
        home = self._home
        folders = {name: home / name for name in ('images', 'staging', 'tasks', 'locks')}
        for folder in folders.values():
            folder.mkdir(exist_ok=True)
        paste = (self.venv / 'etc' / 'glance' / 'glance-api-paste.ini').read_text()
        self.layout.write(self._etc / 'glance-api-paste.ini', paste)
        self.layout.write_ini(self._etc / 'glance-api.conf', {
            'DEFAULT': {'use_stderr': 'true', 'enabled_backends': 'file:file', 'public_endpoint': self.url,
                        'worker_self_reference_url': self.url, 'use_keystone_limits': 'false'},
            'database': {'connection': f'sqlite:///{home}/glance.sqlite?timeout=30'},
            'glance_store': {'default_backend': 'file'},
            'file': {'filesystem_store_datadir': folders['images']},
            'os_glance_staging_store': {'filesystem_store_datadir': folders['staging']},
            'os_glance_tasks_store': {'filesystem_store_datadir': folders['tasks']},
            'paste_deploy': {'flavor': 'keystone'},
            'keystone_authtoken': {**self.keystone.credentials('glance'),
                                   'www_authenticate_uri': self.keystone.auth_url,
                                   'service_token_roles': 'service', 'service_token_roles_required': 'true'},
            'oslo_policy': {'enforce_scope': 'true', 'enforce_new_defaults': 'true'},
            'oslo_concurrency': {'lock_path': folders['locks']},
            'oslo_messaging_notifications': {'driver': 'noop'},
        })
