# SPDX-License-Identifier: Apache-2.0
"""A crowd of servers on a real cloud while its parts are killed; everything is seen through the REST APIs.

`Crowd` creates, watches and deletes; `Killer` kills a part and brings it back. Statuses seen on the way are kept, so
that a wrong one is noticed even if it was shown for a moment only.
"""

import collections
import concurrent.futures
import threading
import time

import requests

from devstack import rest

_FALLBACK_PAUSE = 0.5


class Crowd:
    """`count` servers named PREFIX-0.. on `cloud` (`parts.Cloud`)."""

    def __init__(self, cloud, prefix, count):
        self.cloud = cloud
        self.prefix = prefix
        self.count = count
        self.accepted = threading.Semaphore(0)
        self.seen = collections.Counter()
        layout, variables = cloud.layout, cloud.variables
        self._admin = rest.Session(f'http://127.0.0.1:{variables["KEYSTONE_PORT"]}/v3', 'admin',
                                   layout.secret('admin'), 'admin')
        self._compute = f'http://127.0.0.1:{variables["API_PORT"]}/v2.1'
        self._placement = f'http://127.0.0.1:{variables["PLACEMENT_PORT"]}'
        self.token = self._admin.token()
        self._local = threading.local()
        self._watching = threading.Event()
        self._watcher = None

    def create(self, flavor, image, concurrency=10, **fields):
        """Create all of them, with more `fields`; returns when each has been accepted once."""
        def one(number):
            body = {'server': {'name': f'{self.prefix}-{number}', 'flavorRef': flavor, 'imageRef': image,
                               'networks': 'none', **fields}}
            self._until_accepted(f'{self.prefix}-{number}', body)
            self.accepted.release()

        with concurrent.futures.ThreadPoolExecutor(concurrency) as pool:
            list(pool.map(one, range(self.count)))

    def delete(self, servers, concurrency=10):
        """Ask for each server's deletion until that is accepted."""
        def one(server):
            while True:
                answer = self._ask('DELETE', f'{self._compute}/servers/{server}')
                if answer is not None and answer.status_code in (204, 404):
                    self.accepted.release()
                    return
                time.sleep(_FALLBACK_PAUSE)

        with concurrent.futures.ThreadPoolExecutor(concurrency) as pool:
            list(pool.map(one, servers))

    def servers(self):
        """id -> server as the API shows it now; None while it does not answer."""
        answer = self._ask('GET', f'{self._compute}/servers/detail?name=^{self.prefix}-&limit=1000')
        if answer is None or answer.status_code != 200:
            return None
        return {server['id']: server for server in answer.json()['servers']}

    def watch(self):
        """Begin to look at every status, again and again, until `unwatch`."""
        self._watching.set()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def unwatch(self):
        """The statuses that were seen: (status, task_state) -> how often."""
        self._watching.clear()
        self._watcher.join()
        return self.seen

    def wait(self, condition, seconds):
        """Wait until `condition(servers)` holds; the servers then. AssertionError after `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            servers = self.servers()
            if servers is not None and condition(servers):
                return servers
            if time.monotonic() > deadline:
                raise AssertionError(f'after {seconds} s: {self._summary(servers)}')
            time.sleep(_FALLBACK_PAUSE)

    def consumers(self):
        """consumer -> number of providers on which placement holds something for it."""
        found = collections.Counter()
        providers = self._get(f'{self._placement}/resource_providers')['resource_providers']
        for provider in providers:
            held = self._get(f'{self._placement}/resource_providers/{provider["uuid"]}/allocations')
            found.update(held['allocations'].keys())
        return found

    def guests(self, servers):
        """server -> host, of every guest of `servers` that a pretended hypervisor has on its disk. One host each."""
        found = {}
        for path in self.cloud.layout.data('nova').glob('*/fake/*.json'):
            if path.stem in servers:
                assert path.stem not in found, f'{path.stem} is on {found[path.stem]} and {path.parts[-3]}'
                found[path.stem] = path.parts[-3]
        return found

    def flavor(self, name):
        """A flavor's id."""
        return next(one['id'] for one in self._get(f'{self._compute}/flavors')['flavors'] if one['name'] == name)

    def image(self):
        """The first image's id."""
        url = f'http://127.0.0.1:{self.cloud.variables["GLANCE_PORT"]}/v2/images'
        return self._get(url)['images'][0]['id']

    def _watch(self):
        while self._watching.is_set():
            for server in (self.servers() or {}).values():
                self.seen[server['status'], server['OS-EXT-STS:task_state']] += 1
            time.sleep(_FALLBACK_PAUSE)

    def _until_accepted(self, name, body):
        unsure = False
        while True:
            if unsure:
                # The last request may have been carried out although its answer was lost.
                servers = self.servers()
                if servers is not None and any(server['name'] == name for server in servers.values()):
                    return
                unsure = servers is None
            if not unsure:
                answer = self._ask('POST', f'{self._compute}/servers', json=body)
                if answer is not None and answer.status_code == 202:
                    return
                unsure = True
            time.sleep(_FALLBACK_PAUSE)

    def _get(self, url):
        answer = self._ask('GET', url)
        if answer is None or answer.status_code != 200:
            raise AssertionError(f'GET {url}: {answer is not None and answer.text}')
        return answer.json()

    def _ask(self, method, url, **options):
        """The answer, or None when there was none."""
        if not hasattr(self._local, 'session'):
            self._local.session = requests.Session()
            self._local.session.trust_env = False
        headers = {'X-Auth-Token': self.token, 'OpenStack-API-Version': 'compute 2.104, placement 1.39'}
        if '/resource_providers' in url:
            headers['OpenStack-API-Version'] = 'placement 1.39'
        else:
            headers['OpenStack-API-Version'] = 'compute 2.104'
        try:
            return self._local.session.request(method, url, headers=headers, timeout=60, **options)
        except requests.RequestException:
            return None

    def _summary(self, servers):
        counts = collections.Counter((one['status'], one['OS-EXT-STS:task_state']) for one in (servers or {}).values())
        faults = {one['fault']['message'] for one in (servers or {}).values() if 'fault' in one}
        return f'{dict(counts)} {faults or ""}'


class Killer:
    """Kills the parts named, one after the other, each after `every` more requests were accepted."""

    def __init__(self, crowd, victims, every):
        self._crowd = crowd
        self._victims = victims
        self._every = every
        self._thread = threading.Thread(target=self._run)
        self.log = []
        self.failure = None

    def start(self):
        self._thread.start()

    def wait(self):
        """Wait until all are back. Raises what went wrong while killing."""
        self._thread.join()
        if self.failure is not None:
            raise self.failure

    def _run(self):
        try:
            for name, seconds in self._victims:
                for _ in range(self._every):
                    self._crowd.accepted.acquire(timeout=5)
                self._crowd.cloud.kill(name)
                killed = time.monotonic()
                threading.Event().wait(seconds)
                if name == 'rabbitmq':
                    self._crowd.cloud.rabbitmq().start()
                else:
                    self._crowd.cloud.start_again(name)
                self.log.append((name, round(time.monotonic() - killed, 1)))
        except Exception as error:  # noqa: BLE001  told by `wait`, in the thread of the test
            self.failure = error
