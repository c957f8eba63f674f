# SPDX-License-Identifier: Apache-2.0
"""The whole: brings every part up in order, stops them in the reverse order, removes what they left."""

import contextlib
import fcntl
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from devstack import accelerator, guest_image, libvirt, machine, nova, packages, ports, process, rest, venvs
from devstack.cloud import Cloud
from devstack.errors import DevstackError
from devstack.glance import Glance
from devstack.keystone import Keystone
from devstack.layout import Layout
from devstack.mariadb import MariaDB
from devstack.progress import heading, step
from devstack.rabbit import RabbitMQ
from devstack.settings import Settings

SERVICE_USERS, USERS = ('nova', 'placement', 'glance'), ('demo',)
# (field of Ports, what listens there, name of its process)
LISTENERS = (
    ('api_port', 'nova-api', 'nova-api'), ('placement_port', 'placement-api', 'placement-api'),
    ('keystone_port', 'Keystone', 'keystone'), ('glance_port', 'Glance', 'glance'),
    ('rabbit_port', 'RabbitMQ', 'rabbitmq'), ('rabbit_dist_port', "RabbitMQ's distribution", 'rabbitmq'),
    ('epmd_port', 'epmd', 'rabbitmq-epmd'))


class Deployment:
    """One cloud below one state folder. ``up`` may be called again and again: it finds what is there."""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._layout = Layout(settings.state)

    def up(self) -> None:
        """Install, configure and start everything, and boot the first server. Raises DevstackError."""
        self._layout.create()
        with self._alone():
            self._settings, why = machine.decide(self._settings)
            heading(f'nova_lite, {self._settings.mode}: {why.reason}. All state is in {self._layout.path}')
            self._check_ports()
            self._install_packages()
            chosen, uri = machine.hypervisor(self._settings)
            if self._settings.driver is None:
                print(f'  hypervisor driver: {chosen.value} ({chosen.reason})')
            self._settings = replace(self._settings, driver=chosen.value)
            self._remember(uri)
            self._make_venvs()
            hypervisor = self._start_hypervisor(uri)
            keystone = self._start_identity_and_images()
            admin = rest.Session(keystone.auth_url, 'admin', self._layout.secret('admin'), 'admin')
            compute = self._start_nova(keystone, hypervisor, admin)
            self._show(keystone, admin, compute, hypervisor)

    def down(self) -> None:
        """Stop every process that was started here: our daemons, then the guests, then what daemons stand on."""
        names = list(reversed(process.names(self._layout)))
        daemons = [name for name in names if name.startswith(('nova-', 'placement-'))]
        self._stop(daemons)
        recorded = self._recorded()
        guests = self._guests(recorded['uri']) if recorded.get('uri') else []
        if guests:
            with step('shut our guests down'):
                libvirt.shut_down_guests(self._layout, recorded['uri'], guests)
        if process.running(self._layout, 'libvirtd') is not None:
            with step('shut all guests down, stop libvirtd'):
                libvirt.Libvirt(self._layout).stop()
        self._stop([name for name in names if name not in daemons])

    def _stop(self, names: list[str]) -> None:
        asked = [name for name in names if process.ask_to_stop(self._layout, name)]
        for name in names:
            if name not in asked:
                process.stop(self._layout, name)  # drops the pid file that it left
                continue
            with step(f'stop {name}'):
                process.stop(self._layout, name, nova.DRAIN_SECONDS, asked=True)

    def clean(self) -> None:
        """Stop, then remove state and virtual environments."""
        recorded = self._recorded()
        if self._layout.path.exists() and not recorded and any(self._layout.path.iterdir()):
            if self._layout.path != self._settings.repository / 'var':
                raise DevstackError(f'{self._layout.path} was not made here; remove it yourself')
        self.down()
        if recorded.get('uri'):
            libvirt.forget_guests(recorded['uri'], self._guests(recorded['uri']))
        for folder in (self._layout.path, self._settings.venv, self._settings.services_venv):
            shutil.rmtree(folder, ignore_errors=True)
            print(f'  removed {folder}')

    def status(self) -> None:
        """Print every process and whether it runs."""
        for name in process.names(self._layout):
            pid = process.running(self._layout, name)
            print(f'  {name:20} {f"runs, pid {pid}" if pid else "does not run"}')

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with (self._layout.path / 'lock').open('w') as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DevstackError(f'another make run is at work in {self._layout.path}') from None
            yield

    def _listeners(self) -> Iterator[tuple[str, int, str, str]]:
        for field, purpose, name in LISTENERS:
            if self._settings.mode == 'embedded':
                if name.startswith('rabbitmq'):
                    continue
                name = 'nova-all' if name.endswith('-api') else name
            yield field.upper(), getattr(self._settings.ports, field), purpose, name

    def _check_ports(self) -> None:
        seen: dict[int, str] = {}
        for variable, port, purpose, name in self._listeners():
            if port in seen:
                raise DevstackError(f'{variable} and {seen[port]} are both {port}')
            seen[port] = variable
            if process.running(self._layout, name) is None:
                ports.require(port, variable, purpose)

    def _install_packages(self) -> None:
        if self._settings.mode != 'full':
            return
        profiles = set() if self._settings.driver == 'fake' else {'libvirt'}
        bindep = self._settings.repository / 'bindep.txt'
        if packages.can_install():
            missing = packages.missing(packages.names(bindep, profiles))
            if missing:
                with step(f'install {len(missing)} packages with apt, starting none of their services'):
                    packages.install(self._layout, missing)
        lacking = machine.absent_servers()
        if lacking:
            raise DevstackError(f'{" and ".join(lacking)} must be installed first: {bindep} names the packages. '
                                'MODE=embedded does without')

    def _remember(self, uri: str | None) -> None:
        """Write down what runs here; a change that running parts would not notice is refused."""
        now, before = {**self._settings.record(), 'uri': uri}, self._recorded()
        for key in ('mode', 'driver'):
            if before and before[key] != now[key]:
                raise DevstackError(f'{self._layout.path} holds a deployment with {key.upper()}={before[key]}; '
                                    f'make clean first, or name another folder: make run STATE=...')
        changed = sorted(key.upper() for key in now if before and before.get(key) != now[key])
        if changed and any(process.running(self._layout, name) for name in process.names(self._layout)):
            raise DevstackError(f'{", ".join(changed)} changed while the deployment runs; make stop first')
        self._layout.write(self._layout.etc / 'deployment.json', json.dumps(now, indent=1))

    def _recorded(self) -> dict:
        path = self._layout.etc / 'deployment.json'
        return json.loads(path.read_text()) if path.exists() else {}

    def _make_venvs(self) -> None:
        settings = self._settings
        with step('install nova_lite and the openstack client into .venv') as done:
            fresh = install_project(self._layout, settings)
            done.note = 'done' if fresh else 'was there'
        with step('install Keystone and Glance into .venv-services') as done:
            fresh = install_services(self._layout, settings)
            done.note = 'done' if fresh else 'was there'

    def _start_hypervisor(self, uri: str | None) -> nova.Hypervisor:
        if self._settings.driver == 'fake':
            return nova.Hypervisor('fake')
        with step('build the guest image from a Debian kernel and busybox') as done:
            guest = guest_image.build(self._layout)
            done.note = f'{guest.disk.stat().st_size // guest_image.MIB} MiB'
        with step('try whether a guest starts under KVM') as done:
            virt_type = accelerator.virt_type(self._layout, guest)
            done.note = 'yes' if virt_type == 'kvm' else 'no, guests will be emulated (QEMU/TCG)'
        if uri is None:
            private = libvirt.Libvirt(self._layout)
            with step('start virtlogd and libvirtd, private ones'):
                private.start()
            uri = private.uri
        return nova.Hypervisor('libvirt', uri, virt_type)

    def _start_identity_and_images(self) -> Keystone:
        numbers, venv = self._settings.ports, self._settings.services_venv
        keystone = Keystone(self._layout, venv, numbers.keystone_port)
        glance = Glance(self._layout, venv, numbers.glance_port, keystone)
        with step(f'start Keystone on {keystone.auth_url}'):
            keystone.start()
        with step('make users, services and endpoints'):
            keystone.fill({
                'image': ('glance', glance.url),
                'compute': ('nova', f'http://{ports.LOOPBACK}:{numbers.api_port}/v2.1'),
                'placement': ('placement', f'http://{ports.LOOPBACK}:{numbers.placement_port}'),
            }, SERVICE_USERS, USERS)
        with step(f'start Glance on {glance.url}'):
            glance.start()
        return keystone

    def _start_nova(self, keystone: Keystone, hypervisor: nova.Hypervisor, admin: rest.Session) -> nova.Nova:
        if self._settings.mode == 'embedded':
            folder = self._layout.data('databases')
            compute = nova.Nova(self._layout, self._settings, keystone, lambda name: f'sqlite:///{folder}/{name}.sqlite',
                                hypervisor)
        else:
            broker, database = self._start_broker_and_database()
            compute = nova.Nova(self._layout, self._settings, keystone, database.url, hypervisor, broker.url)
        compute.configure()
        with step('bring the databases api, cell and placement up to date'):
            compute.sync()
        for name in compute.names():
            every = ' (api, placement, conductor, scheduler and compute in one process)' if name == 'nova-all' else ''
            with step(f'start {name}{every}'):
                compute.start(name)
        with step('wait until every service is up'):
            compute.wait_for_services(admin)
        return compute

    def _start_broker_and_database(self) -> tuple[RabbitMQ, MariaDB]:
        numbers = self._settings.ports
        broker = RabbitMQ(self._layout, numbers.rabbit_port, numbers.rabbit_dist_port, numbers.epmd_port)
        with step(f'start RabbitMQ on port {numbers.rabbit_port}'):
            broker.start()
        database = MariaDB(self._layout)
        with step('start MariaDB on a socket'):
            database.start()
            database.create(*nova.DATABASES)
        return broker, database

    def _show(self, keystone: Keystone, admin: rest.Session, compute: nova.Nova, hypervisor: nova.Hypervisor) -> None:
        cloud = Cloud(self._layout, write_openrc(self._layout, self._settings, keystone), admin,
                      f'{compute.endpoint}/v2.1', f'http://{ports.LOOPBACK}:{self._settings.ports.glance_port}',
                      hypervisor.driver == 'libvirt')
        heading('First steps in the new cloud')
        guest = guest_image.Guest(self._layout.data('guest'))
        cloud.fill(*((guest.disk, 'qcow2') if guest.disk.exists() else (_blank_image(self._layout), 'raw')))
        cloud.boot()
        cloud.console()
        heading(summary(self._settings, hypervisor))
        heading(f'Next:\n  . {cloud.openrc}\n  openstack server list\n  openstack server stop demo\n'
                '  openstack server event list demo\n  openstack hypervisor list\n'
                f'Logs are in {self._layout.log}. make stop ends it, make run brings it back, make clean removes it.')

    def _guests(self, uri: str) -> list[str]:
        """The names of our guests at a libvirt that is not private."""
        return libvirt.guests_below(uri, self._layout.data('nova') / 'instances')


def install_project(layout: Layout, settings: Settings) -> bool:
    """Make .venv hold nova_lite, its clients and its tests; False when it did already."""
    extras = ['test', 'postgresql'] + (['libvirt'] if machine.can_build_binding() else [])
    return venvs.ensure(layout, settings.venv, ['-e', f'.[{",".join(extras)}]'],
                        [settings.repository / 'setup.cfg'], settings.repository)


def install_services(layout: Layout, settings: Settings) -> bool:
    """Make .venv-services hold Keystone, Glance and uWSGI; False when it did already."""
    wanted = Path(__file__).with_name('services.txt')
    return venvs.ensure(layout, settings.services_venv, ['-r', str(wanted)], [wanted], settings.repository)


def write_openrc(layout: Layout, settings: Settings, keystone: Keystone) -> Path:
    """``openrc`` for the administrator and ``openrc-demo`` for a plain user; returns the first."""
    path = f'export PATH="{settings.venv / "bin"}:$PATH"\n'
    version = "export OS_COMPUTE_API_VERSION='2.104'\n"
    layout.write(layout.path / 'openrc-demo', keystone.openrc('demo') + version + path, mode=0o600)
    return layout.write(layout.path / 'openrc', keystone.openrc('admin') + version + path, mode=0o600)


def summary(settings: Settings, hypervisor: nova.Hypervisor) -> str:
    """Which parts are real, in plain words."""
    if hypervisor.driver == 'libvirt':
        kind = 'KVM' if hypervisor.virt_type == 'kvm' else 'emulated'
        guests = f'Guests are real QEMU machines ({kind}) under libvirt.'
    else:
        guests = 'Guests are pretended: the fake driver keeps them in memory.'
    if settings.mode == 'full':
        parts = 'Real: RabbitMQ, MariaDB, Keystone, Glance, and each daemon of nova_lite as its own process.'
    else:
        parts = ('Real: Keystone, Glance, nova_lite. In place of RabbitMQ messages stay in memory, in place of MariaDB '
                 'there is SQLite, and all daemons share one process.')
    return f'{parts}\n{guests}'


def _blank_image(layout: Layout) -> Path:
    path = layout.data('guest') / 'blank.raw'
    path.write_bytes(b'\0' * guest_image.MIB)
    return path
