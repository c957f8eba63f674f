# SPDX-License-Identifier: Apache-2.0
"""What tests of servers share: an image service, a conductor and a host that only remember what they were told."""

import datetime
import uuid

from nova_lite import errors
from nova_lite.db import flavors, guests, hosts, orders, servers, services
from nova_lite.messages import guests as guest_messages
from nova_lite.messages import hosts as host_messages
from nova_lite.operations import secrets
from tests.functional.api.base import ApiTest

IMAGE = '11111111-2222-4333-8444-555555555555'
GIB = 1024 ** 3

# Every version that changes something of servers or of what belongs to them, and the one before.
_CHANGES = (3, 5, 9, 16, 18, 19, 21, 26, 32, 33, 37, 38, 42, 47, 51, 52, 57, 58, 62, 63, 66, 67, 69, 71, 73, 74, 75, 83,
            84, 90, 94, 96, 98, 100, 102, 104)
EDGES = sorted({1, *_CHANGES, *(version - 1 for version in _CHANGES)})


class Images:
    """Glance: `known` is id -> Image; `tokens` what it was asked with."""

    def __init__(self):
        self.known = {IMAGE: guest_messages.Image(
            id=IMAGE, name='tiny', size=GIB // 2, min_ram=16, properties={'hw_disk_bus': 'virtio', 'my': 'own'})}
        self.tokens = []

    def show(self, image_id, token=None):
        self.tokens.append(token)
        if image_id not in self.known:
            raise errors.NotFound(f'Image {image_id}')
        return self.known[image_id]


class Conductor:
    """Remembers the orders it was told of; with `broken`, fails."""

    def __init__(self):
        self.orders = []
        self.broken = None

    def run_order(self, order_id, cell=''):
        if self.broken is not None:
            raise self.broken
        self.orders.append((cell, order_id))


class Computes:
    """Hosts: `logs` is server uuid -> console log, or the error to raise."""

    def __init__(self):
        self.logs = {}
        self.asked = []

    def console_log(self, host, request):
        self.asked.append((host, request))
        answer = self.logs.get(request.server_uuid, errors.NotFound('no such guest'))
        if isinstance(answer, Exception):
            raise answer
        return host_messages.ConsoleLog(answer)


class ServersTest(ApiTest):
    """`self.boot()` makes a server through the API, `self.settle()` does what a conductor would have done."""

    HOSTS = ('host1', 'host2')

    def setUp(self):
        super().setUp()
        self.now = datetime.datetime.now(datetime.UTC)
        self.cells.api.transact(flavors.create, {
            'flavorid': '1', 'name': 'm1.tiny', 'memory_mb': 64, 'vcpus': 1, 'root_gb': 1, 'is_public': True}, self.now)
        for host in self.HOSTS:
            self.add_host(host)

    def make_deps(self, **more):
        self.images, self.conductor, self.computes = Images(), Conductor(), Computes()
        self.vault = secrets.Vault([secrets.fernet.Fernet.generate_key()])
        return super().make_deps(images=self.images, conductor=self.conductor, compute=self.computes, vault=self.vault,
                                 **more)

    def add_host(self, host, database=None):
        database = database or self.cells.get()
        facts = host_messages.HostFacts(
            host=host, node=host, uuid=str(uuid.uuid4()), hypervisor_type='fake', hypervisor_version=1,
            host_ip='127.0.0.1', vcpus=8, memory_mb=8192, local_gb=100)
        database.transact(hosts.upsert_facts, facts, self.now)
        beat = host_messages.Heartbeat(host, 'nova-compute', 'compute', 'boot')
        database.transact(services.heartbeat, beat, self.now)

    def body(self, version='2.104', **fields):
        """A body for POST /servers that the version takes."""
        server = {'name': 'demo', 'imageRef': IMAGE, 'flavorRef': '1'}
        if int(version.split('.')[1]) >= 37:
            server['networks'] = 'none'
        return {'server': server | fields}

    def boot(self, version='2.104', user='user', project='p1', hints=None, **fields):
        """The uuid of a new server."""
        body = self.body(version, **fields)
        if hints:
            body['os:scheduler_hints'] = hints
        answer = self.api('POST', '/servers', body, version=version, user=user, project=project, status=202)
        return answer.json['server']['id']

    def settle(self, server_id, vm_state='active', host='host1', database=None, **values):
        """Close the server's orders and leave it as a build would."""
        def work(tx):
            for order in orders.unfinished_of_server(tx, server_id):
                tx.execute(orders.sa.update(orders.models.orders).where(orders.models.orders.c.id == order.id).values(
                    state=orders.DONE, open_key=None, owner=None, wake_at=None, secrets=None, finished_at=self.now))
            servers.update(tx, server_id, **{
                'vm_state': vm_state, 'task_state': None, 'host': host, 'node': host, 'launched_at': self.now,
                'updated_at': self.now, **values})
            if host:
                guests.record(tx, server_id, host, 1, self.now)
        (database or self.cells.get()).transact(work)

    def booted(self, **fields):
        """The uuid of a new server that is active on host1."""
        server_id = self.boot(**fields)
        self.settle(server_id)
        return server_id

    def row(self, server_id):
        with self.cells.get().read() as tx:
            return servers.get(tx, server_id, deleted=True)

    def orders_of(self, server_id):
        with self.cells.get().read() as tx:
            return orders.of_server(tx, server_id)
