# SPDX-License-Identifier: Apache-2.0
"""The whole cloud in one process: real databases in files, real placement over HTTP, every daemon, the fake driver.

Messages go over a bus in memory. Several conductors, schedulers and computes may be asked for.
"""

import pathlib
import tempfile
import time

import requests

from nova_lite import conf as conf_module
from nova_lite.api import app, deps
from nova_lite.compute import service as compute
from nova_lite.conductor import service as conductor
from nova_lite.db import cells, hosts, migrate
from nova_lite.placement import app as placement_app
from nova_lite.placement import conf as placement_conf
from nova_lite.rpc.local import LocalBus
from nova_lite.scheduler import service as scheduler
from nova_lite.service import daemon, runtime, wsgi
from tests.fakes.glance import Glance

LATEST = '2.104'
_BUILD = {'conductor': conductor.build, 'scheduler': scheduler.build, 'compute': compute.build}

_NOVA_CONF = """
[DEFAULT]
host = {host}
state_path = {folder}/{host}
compute_driver = fake.FakeDriver
report_interval = 1
[api]
auth_strategy = noauth2
[database]
connection = {nova}
[api_database]
connection = {nova_api}
[placement]
auth_type = admin_token
endpoint = {placement}
token = admin
endpoint_override = {placement}
[glance]
auth_type = none
endpoint_override = {glance}
[quota]
instances = -1
cores = -1
ram = -1
[orders]
adoption_interval = 1
secret_key = bm90LWEtc2VjcmV0LWJ1dC0zMi1ieXRlcy1sb25nISE=
"""

_PLACEMENT_CONF = """
[api]
auth_strategy = noauth2
[placement_database]
connection = {placement}
sync_on_startup = true
"""


class _Shared:
    """A daemon's face of the bus that all of them share: it is not closed when one of them stops."""

    def __init__(self, bus):
        self.call, self.cast, self.serve = bus.call, bus.cast, bus.serve

    def close(self):
        """Nothing: the others go on."""


class Cluster:
    """`start()`, use, `stop()`. `extra`: more text for every nova.conf.

    `url(name)` gives SQLAlchemy's address of the databases nova_api, nova and placement; SQLite files by default.
    """

    def __init__(self, *, computes=1, conductors=1, schedulers=1, extra='', url=None):
        self._temporary = tempfile.TemporaryDirectory(prefix='nova_lite-cluster-')
        self.folder = pathlib.Path(self._temporary.name)
        self.url = url or (lambda name: f'sqlite:///{self.folder / name}.db')
        self._extra = extra
        self._counts = {'conductor': conductors, 'scheduler': schedulers, 'compute': computes}
        self.daemons = {}
        self.glance = Glance()
        self._faces = []
        self.session = requests.Session()
        self.session.trust_env = False

    def start(self):
        """Bring everything up; returns when each host can take servers."""
        own = self.folder / 'placement.conf'
        own.write_text(_PLACEMENT_CONF.format(placement=self.url('placement')))
        self._placement = placement_app.make_app(placement_conf.new(default_config_files=[str(own)]))
        self.placement_url = self._serve(self._placement)
        self.glance_url = self._serve(self.glance.application)
        conf = self.conf('api')
        self.cells = cells.Cells.from_conf(conf)
        migrate.sync(self.cells.api, 'api')
        migrate.sync(self.cells.get(), 'cell')
        self._outside = runtime.real(conf, LocalBus, workers=16)
        self.bus = self._outside.bus
        for kind, count in self._counts.items():
            for number in range(1, count + 1):
                self.start_daemon(kind, f'{kind}{number}')
        self.api_url = self._serve(app.make_app(conf, deps.build(self._outside, self.cells)))
        self.wait(lambda: len(self.hosts_up()) == self._counts['compute'], 'every host is there')
        return self

    def stop(self):
        """Stop every daemon and remove everything."""
        for name in list(self.daemons):
            self.stop_daemon(name)
        for face in reversed(self._faces):
            face.stop(5)
        self._placement.service.close()
        self._outside.executor.shutdown()
        self.cells.dispose()
        self._temporary.cleanup()

    def conf(self, host):
        """A fresh ConfigOpts as the daemon on `host` reads it."""
        path = self.folder / f'{host}.conf'
        path.write_text(_NOVA_CONF.format(
            host=host, folder=self.folder, nova=self.url('nova'), nova_api=self.url('nova_api'),
            placement=self.placement_url, glance=self.glance_url) + self._extra)
        return conf_module.new(config_files=[str(path)], config_dirs=[])

    def start_daemon(self, kind, host):
        """Start a nova-`kind` that calls itself `host`."""
        conf = self.conf(host)
        inside = runtime.real(conf, _Shared(self.bus), workers=16)
        self.daemons[host] = daemon.Daemon(conf, f'nova-{kind}', _BUILD[kind], inside)
        self.daemons[host].start()

    def stop_daemon(self, host):
        """SIGTERM, so to speak: drain and stop."""
        self.daemons.pop(host).stop(10)

    def api(self, method, path, body=None, *, version=LATEST, user='admin', project='project', status=None):
        """Ask the compute API; with `status`, any other answer fails."""
        answer = self.session.request(
            method, f'{self.api_url}/v2.1{path}', json=body,
            headers={'X-Auth-Token': f'{user}:{project}', 'OpenStack-API-Version': f'compute {version}'}, timeout=60)
        if status is not None and answer.status_code != status:
            raise AssertionError(f'{method} {path}: {answer.status_code} {answer.text}')
        return answer

    def hosts_up(self):
        """Names of the hosts that are up and have told what they are."""
        with self.cells.get().read() as tx:
            return [row.host for row in hosts.list(tx, down_after=60) if row.up]

    def flavor(self, **fields):
        """A new flavor's id."""
        body = {'name': f'flavor-{time.monotonic_ns()}', 'vcpus': 1, 'ram': 64, 'disk': 1, **fields}
        return self.api('POST', '/flavors', {'flavor': body}, status=200).json()['flavor']['id']

    def create(self, **fields):
        """Ask for a server; its id."""
        body = {'name': 'demo', 'networks': 'none', **fields}
        body.setdefault('flavorRef', self.flavor() if 'flavorRef' not in body else None)
        body.setdefault('imageRef', self.glance.add('image', b'\0' * 1024) if 'imageRef' not in body else None)
        return self.api('POST', '/servers', {'server': body}, status=202).json()['server']['id']

    def server(self, server):
        """The server as the API shows it; None when it is gone."""
        answer = self.api('GET', f'/servers/{server}')
        return None if answer.status_code == 404 else answer.json()['server']

    def wait_status(self, server, status, seconds=60):
        """Wait until the server has that status and nothing is under way; the server. ERROR ends the wait at once."""
        def there():
            shown = self.server(server)
            if shown and shown['status'] == 'ERROR' != status:
                raise AssertionError(f'{server} is in ERROR: {shown.get("fault")}')
            return shown and shown['status'] == status and shown['OS-EXT-STS:task_state'] is None and shown
        return self.wait(there, f'{server} is {status}', seconds)

    def wait_gone(self, server, seconds=60):
        """Wait until the server is deleted."""
        self.wait(lambda: self.server(server) is None, f'{server} is gone', seconds)

    def wait(self, condition, what, seconds=60):
        """What `condition()` gives, once that is true. AssertionError after `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = condition()
            if found:
                return found
            time.sleep(0.02)
        raise AssertionError(f'not so after {seconds} s: {what}')

    def _serve(self, application):
        face = wsgi.Server(application, wsgi.listen('127.0.0.1', 0))
        face.start()
        self._faces.append(face)
        return f'http://127.0.0.1:{face.port}'
