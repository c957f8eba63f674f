# SPDX-License-Identifier: Apache-2.0
"""nova_lite itself: nova.conf and placement.conf, the databases' schemas, and the daemons in the order they need."""

import base64
import hashlib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from devstack import notify, ports, process, rest
from devstack.errors import DevstackError
from devstack.keystone import Keystone
from devstack.layout import Layout
from devstack.settings import Settings

DATABASES = ('nova_api', 'nova', 'placement')
DRIVERS = {'libvirt': 'libvirt.LibvirtDriver', 'fake': 'fake.FakeDriver'}
DRAIN_SECONDS = 75.0  # [DEFAULT] graceful_shutdown_timeout, and some


@dataclass(frozen=True)
class Hypervisor:
    """Where guests run: the driver's name and, for libvirt, its address and kind of virtualization."""

    driver: str
    uri: str | None = None
    virt_type: str | None = None


@dataclass
class Nova:
    """The daemons of one deployment. ``database`` maps a name of DATABASES to SQLAlchemy's address of it."""

    layout: Layout
    settings: Settings
    keystone: Keystone
    database: Callable[[str], str]
    hypervisor: Hypervisor
    transport_url: str | None = None

    @property
    def endpoint(self) -> str:
        return f'http://{ports.LOOPBACK}:{self.settings.ports.api_port}'

    @property
    def placement_endpoint(self) -> str:
        return f'http://{ports.LOOPBACK}:{self.settings.ports.placement_port}'

    def configure(self) -> None:
        """Write the configuration files; ``nova.conf.d`` beside nova.conf is for the person's own additions."""
        (self._etc / 'nova.conf.d').mkdir(parents=True, exist_ok=True)
        (self._placement_conf.parent / 'placement.conf.d').mkdir(parents=True, exist_ok=True)
        self.layout.write_ini(self._nova_conf, self._nova_options())
        self.layout.write_ini(self._placement_conf, self._placement_options())
        for name, host, _program in self._daemons():
            self.layout.write_ini(self._etc / f'{name}.conf', {'DEFAULT': {
                'host': host, 'state_path': self.layout.data('nova') / host if host != _hostname() else
                self.layout.data('nova')}})

    def sync(self) -> None:
        """Bring the three schemas up to date."""
        for words in (('api_db', 'sync'), ('db', 'sync')):
            process.command(self.layout, 'nova-manage', [self._program('nova-manage'), *self._nova_files(), *words])
        process.command(self.layout, 'placement-manage', [
            self._program('placement-manage'), *self._placement_files(), 'db', 'sync'])

    def names(self) -> list[str]:
        """The processes in the order of their start: each after those it would else wait for."""
        if self.settings.mode == 'embedded':
            return ['nova-all']
        return ['placement-api', *(name for name, _host, _program in self._daemons()), 'nova-api']

    def start(self, name: str) -> None:
        """Start one of ``names()`` and wait until it says that it is ready."""
        program = next((program for known, _host, program in self._daemons() if known == name), name)
        files = self._placement_files() if name == 'placement-api' else self._nova_files(name)
        notify.start(self.layout, name, [self._program(program), *files])

    def wait_for_services(self, admin: rest.Session, timeout: float = 120.0) -> None:
        """Wait until the API shows every conductor, scheduler and compute host up."""
        wanted = {(program, host) for _name, host, program in self._daemons()}

        def all_up() -> bool:
            for name in self.names():
                if process.running(self.layout, name) is None:
                    raise DevstackError(f'{name} ended while it was starting', self.layout.log_file(name))
            listed = admin.call('GET', f'{self.endpoint}/v2.1/os-services')['services']
            up = {(one['binary'], one['host']) for one in listed if one['state'] == 'up'}
            return wanted <= up

        process.wait_for(all_up, 'a list of services that are all up', timeout, self.layout)

    def _daemons(self) -> list[tuple[str, str, str]]:
        """(name of the process, host it speaks for, program) of every daemon without a port."""
        counts = self.settings.counts
        found = []
        for program, count in (('nova-conductor', counts.conductors), ('nova-scheduler', counts.schedulers),
                               ('nova-compute', counts.computes)):
            kind = program.removeprefix('nova-')
            found += [(program if count == 1 else f'{program}-{number}',
                       _hostname() if count == 1 else f'{kind}-{number}', program) for number in range(1, count + 1)]
        return found

    def _nova_options(self) -> dict[str, dict[str, object]]:
        counts, numbers = self.settings.counts, self.settings.ports
        options: dict[str, dict[str, object]] = {
            'DEFAULT': {
                'host': _hostname(), 'my_ip': ports.LOOPBACK, 'state_path': self.layout.data('nova'),
                'use_stderr': 'true', 'enabled_apis': 'osapi_compute', 'osapi_compute_listen': ports.LOOPBACK,
                'osapi_compute_listen_port': numbers.api_port, 'osapi_compute_workers': counts.api_workers,
                'compute_driver': DRIVERS[self.hypervisor.driver],
                # There is no network yet, so the config drive is the only way to tell a guest who it is.
                'force_config_drive': 'true', 'resume_guests_state_on_host_boot': 'true',
            } | ({'transport_url': self.transport_url} if self.transport_url else {}),
            'api_database': {'connection': self.database('nova_api')},
            'database': {'connection': self.database('nova')},
            'keystone_authtoken': self._token_check('nova'),
            'service_user': {**self.keystone.credentials('nova'), 'send_service_user_token': 'true'},
            'placement': self.keystone.credentials('nova'),
            'glance': self.keystone.credentials('nova'),
            'oslo_concurrency': {'lock_path': self.layout.data('locks')},
            'oslo_messaging_notifications': {'driver': 'noop'},
            # With it the user's token travels with the order, and steps act with the user's rights.
            'orders': {'secret_key': self._secret_key()},
        }
        if self.hypervisor.driver == 'libvirt':
            options['libvirt'] = {'connection_uri': self.hypervisor.uri, 'virt_type': self.hypervisor.virt_type,
                                  'cpu_mode': 'none'}
        else:
            # Pretended guests cost nothing; a quota would only stop the experiment.
            options['fake'] = {'state_directory': '$state_path/fake'}
            options['quota'] = {'instances': -1, 'cores': -1, 'ram': -1}
        return options

    def _placement_options(self) -> dict[str, dict[str, object]]:
        return {
            'DEFAULT': {'use_stderr': 'true'},
            'api': {'auth_strategy': 'keystone'},
            'placement_database': {'connection': self.database('placement')},
            'placement_api': {'listen': ports.LOOPBACK, 'listen_port': self.settings.ports.placement_port,
                              'workers': self.settings.counts.placement_workers},
            'keystone_authtoken': self._token_check('placement'),
        }

    def _token_check(self, user: str) -> dict[str, object]:
        return {**self.keystone.credentials(user), 'www_authenticate_uri': self.keystone.auth_url,
                'service_token_roles': 'service', 'service_token_roles_required': 'true'}

    def _secret_key(self) -> str:
        """A Fernet key, the same at every start."""
        digest = hashlib.sha256(self.layout.secret('orders').encode()).digest()
        return base64.urlsafe_b64encode(digest).decode()

    @property
    def _etc(self) -> Path:
        return self.layout.etc / 'nova'

    @property
    def _nova_conf(self) -> Path:
        return self._etc / 'nova.conf'

    @property
    def _placement_conf(self) -> Path:
        return self.layout.etc / 'placement' / 'placement.conf'

    def _nova_files(self, daemon: str | None = None) -> list[str | Path]:
        files = [self._nova_conf, *([own] if daemon and (own := self._etc / f'{daemon}.conf').exists() else [])]
        words = [word for path in files for word in ('--config-file', path)]
        if daemon == 'nova-all':
            words += ['--placement-config-file', self._placement_conf]
        return [*words, '--config-dir', self._etc / 'nova.conf.d']

    def _placement_files(self) -> list[str | Path]:
        return ['--config-file', self._placement_conf, '--config-dir', self._placement_conf.parent / 'placement.conf.d']

    def _program(self, name: str) -> Path:
        return self.settings.venv / 'bin' / name


def _hostname() -> str:
    return socket.gethostname()
