# SPDX-License-Identifier: Apache-2.0
"""A cloud to be measured: where it is, whose processes it has, and how to ask it. Any that speaks the compute API.

It is described by a folder that `make run` made, or by a JSON file:

    {"url": "http://127.0.0.1:8774/v2.1", "image": ID, "flavor": ID, "pids": FOLDER OF PID FILES,
     "keystone": {"auth_url": URL, "user": NAME, "password": WORD, "project": NAME} or null for noauth,
     "counters": {"sql": COMMAND, "amqp": COMMAND}}
"""

import concurrent.futures
import json
import pathlib
import shlex
import threading
import time

import requests

from devstack import rest
from devstack.layout import Layout
from devstack.mariadb import MariaDB
from devstack.rabbit import SCRIPTS
from tests.perf.meter import Meter, Processes

MESSAGES = ('maps:get(messages_received_total, maps:get([{protocol, amqp091}], rabbit_global_counters:overview())).')
_MICROVERSION = 'compute 2.79'
# What any compute service needs beside it, whoever wrote it.
BACKENDS = ('mariadb', 'mariadbd', 'rabbit', 'rabbitmq', 'rabbitmq-epmd', 'memcached', 'keystone', 'glance', 'neutron')


class Target:
    """One cloud, asked as its administrator by `concurrency` threads."""

    def __init__(self, place, concurrency):
        path = pathlib.Path(place)
        self.name = path.stem
        about = _of_deployment(path) if path.is_dir() else json.loads(path.read_text())
        self._url, self._image, self._flavor = about['url'], about['image'], about['flavor']
        self._counters = about.get('counters', {})
        self._token = _session(about['keystone']).token() if about.get('keystone') else 'admin:admin'
        self.processes = Processes(about['pids'])
        self._pool = concurrent.futures.ThreadPoolExecutor(concurrency)
        self._local = threading.local()

    def meter(self):
        return Meter(self.processes, self._counters)

    def get(self, path):
        """The answer's body. Raises AssertionError unless it is a 200."""
        return self._ask('GET', path, (200,)).content

    def many(self, work, items):
        """Begin `work(item)` for all, side by side; returns futures."""
        return [self._pool.submit(work, item) for item in items]

    def create(self, name, **more):
        """Ask for a server (or, with min_count, for several); returns the first one's id."""
        body = {'name': name, 'imageRef': self._image, 'flavorRef': self._flavor, 'networks': 'none', **more}
        return self._ask('POST', '/servers', (202,), {'server': body}).json()['server']['id']

    def delete(self, server):
        self._ask('DELETE', f'/servers/{server}', (204, 404))

    def servers(self, query=''):
        """Ids of the first 1000 servers that match."""
        return {one['id'] for one in json.loads(self.get(f'/servers?limit=1000{query}'))['servers']}

    def wait(self, condition, poll, seconds=300):
        """Ask `condition()` every `poll` seconds until it holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f'{self.name}: not done after {seconds} s')
            time.sleep(poll)

    def _ask(self, method, path, expected, body=None):
        if not hasattr(self._local, 'session'):
            self._local.session = requests.Session()
            self._local.session.trust_env = False
            self._local.session.headers = {'X-Auth-Token': self._token, 'OpenStack-API-Version': _MICROVERSION,
                                           'Accept': 'application/json'}
        answer = self._local.session.request(method, self._url + path, json=body, timeout=300)
        if answer.status_code not in expected:
            raise AssertionError(f'{self.name}: {method} {path}: {answer.status_code} {answer.text[:300]}')
        return answer


def _session(keystone):
    return rest.Session(keystone['auth_url'], keystone['user'], keystone['password'], keystone['project'])


def _of_deployment(folder):
    layout = Layout(folder)
    numbers = json.loads((layout.etc / 'deployment.json').read_text())
    keystone = {'auth_url': f'http://127.0.0.1:{numbers["keystone_port"]}/v3', 'user': 'admin', 'project': 'admin',
                'password': layout.secret('admin')}
    url, session = f'http://127.0.0.1:{numbers["api_port"]}/v2.1', _session(keystone)
    images = session.call('GET', f'http://127.0.0.1:{numbers["glance_port"]}/v2/images')['images']
    flavors = session.call('GET', f'{url}/flavors')['flavors']
    broker = (f'HOME={shlex.quote(str(layout.data("rabbitmq")))} ERL_EPMD_PORT={numbers["epmd_port"]} '
              f'{SCRIPTS}/rabbitmqctl -q -n nova_lite_{numbers["rabbit_port"]}@localhost eval')
    return {
        'url': url, 'keystone': keystone, 'pids': layout.run, 'image': images[0]['id'], 'flavor': flavors[0]['id'],
        'counters': {
            'sql': f"mariadb --no-defaults -u root -S {shlex.quote(str(MariaDB(layout).socket))} -BNe "
                   "\"show global status like 'Questions'\"",
            'amqp': f'{broker} {shlex.quote(MESSAGES)}'}}
