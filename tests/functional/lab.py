# SPDX-License-Identifier: Apache-2.0
"""A conductor's laboratory: real database, journal, engine and workflows; hosts and time are simulated.

One thread, one clock: what happens is the same every time.
"""

import dataclasses
import os
import random
import uuid

from nova_lite import conf as conf_module
from nova_lite import context, states
from nova_lite.conductor import adoption, workflows
from nova_lite.conductor.endpoint import Endpoint
from nova_lite.conductor.engine import Engine
from nova_lite.conductor.world import World
from nova_lite.db import cells, locations, migrate, orders, quotas, servers, services
from nova_lite.messages import guests
from nova_lite.messages.hosts import Heartbeat
from nova_lite.operations import begin, catalog, secrets
from tests.fakes import world as sim
from tests.fakes.database import empty, virtual_database_time
from tests.fakes.time import VirtualClock, VirtualExecutor

FLAVOR = guests.Flavor(id=1, flavorid='1', name='m1.tiny', vcpus=1, memory_mb=64, root_gb=1)
LIMITS = {'instances': 1000, 'cores': 1000, 'ram': 1_000_000}


class Process:
    """One conductor process: dies with whatever it holds in memory."""

    def __init__(self, lab, number):
        self.lease = adoption.Lease(lab.database, f'conductor{number}', lab.conf.orders.lease_seconds)
        self.lease.begin()
        self.engine = Engine(lab.world, lab.workflows, lambda: self.lease.owner)
        self.endpoint = Endpoint(lab.world, self.engine)
        every = lab.executor.every
        self.loops = [every(lab.conf.orders.renew_interval, self.lease.renew),
                      every(lab.conf.orders.adoption_interval, lambda: adoption.adopt(lab.database, '', self.engine))]

    def die(self):
        for loop in self.loops:
            loop.cancel()
        self.engine.drain()


class Lab:
    """`hosts` simulated hosts and one conductor; `workflows` may be altered ones.

    `url`: the database, emptied first; without it NOVA_TEST_DB_URL, or one in memory.
    """

    def __init__(self, hosts=3, url=None, altered=None, latency=0.0):
        url = url or os.environ.get('NOVA_TEST_DB_URL') or 'sqlite://'
        self.conf = conf_module.new(config_files=[], config_dirs=[])
        self.clock = VirtualClock()
        self.executor = VirtualExecutor(self.clock, self._crashed)
        self.cells = cells.Cells(url, url, clock=self.clock.time)
        self.database = self.cells.get()
        self.cells.api.dispose()
        self.cells.api = self.database
        if not self.database.sqlite:
            virtual_database_time(self.database, self.clock)
        for schema, metadata in migrate.SCHEMAS.items():
            migrate.sync(self.database, schema)
            if url != 'sqlite://':
                empty(self.database, metadata)
        self.computes = sim.SimComputes()
        self.placement = sim.SimPlacement()
        self.world = World(
            conf=self.conf, cells=self.cells, clock=self.clock, executor=self.executor, random=random.Random(1),
            scheduler=sim.SimScheduler(self.placement, self.computes), computes=self.computes,
            placement=self.placement, vault=secrets.Vault([]))
        self.workflows = {**workflows.BY_OPERATION, **(altered or {})}
        self.crashes = 0
        self.processes = []
        self.start_conductor()
        for number in range(1, hosts + 1):
            self.add_host(f'host{number}', latency)

    def close(self):
        self.cells.dispose()

    def add_host(self, name, latency=0.0):
        host = sim.SimHost(name, self.executor, lambda report: self.conductor.endpoint.report(None, report), latency)
        self.computes.hosts[name] = host
        self.executor.every(10, lambda: host.alive and self.beat(name))
        self.beat(name)
        return host

    def beat(self, host, started=False):
        """A host's sign of life."""
        self.conductor.endpoint.heartbeat(None, Heartbeat(host, 'nova-compute', 'compute', 'boot', started))

    def forget_host(self, host):
        """An operator removes the host's service."""
        with self.database.write() as tx:
            row = services.get_by_host(tx, host, 'nova-compute', down_after=60)
            services.delete(tx, row.uuid)

    @property
    def conductor(self):
        return self.processes[-1]

    def replace_world(self, **faces):
        """Show conductors another face of the world; the one that runs is replaced."""
        self.world = dataclasses.replace(self.world, **faces)
        self.kill_conductor()

    def start_conductor(self):
        """One more conductor process; the newest is `conductor`."""
        self.processes.append(Process(self, len(self.processes) + 1))
        return self.conductor

    def kill_conductor(self):
        """`kill -9` of the conductor, and a new one in its place."""
        self.conductor.die()
        self.start_conductor()

    def _crashed(self):
        self.crashes += 1
        self.kill_conductor()

    def create(self, server_uuid=None, secrets=None, cast=True, only_location=False, **columns):
        """What nova-api does for `POST /servers`; the server's uuid. `columns` of the server's row.

        `only_location`: it dies before the cell's transaction.
        """
        server_uuid, now = server_uuid or str(uuid.uuid4()), self.clock.now()
        who = context.RequestContext(user_id='user', project_id='project', roles=['member'])
        self.database.transact(
            lambda tx: (locations.insert(tx, server_uuid=server_uuid, cell='', project_id='project', user_id='user',
                                         cores=1, ram=64, now=now),
                        quotas.take(tx, 'project', locations.counted(1, 64), LIMITS)))
        if only_location:
            return server_uuid

        def write(tx):
            servers.insert(tx, {
                'uuid': server_uuid, 'project_id': 'project', 'user_id': 'user', 'display_name': 'demo',
                'hostname': 'demo', 'vm_state': states.BUILDING, 'task_state': states.SCHEDULING, 'fence': 1,
                'flavorid': FLAVOR.flavorid, 'flavor': FLAVOR, 'created_at': now, 'updated_at': now, **columns})
            return begin.insert_order(tx, catalog.OPERATIONS['build'], server_uuid, fence=1, context=who, now=now,
                                      secrets=secrets)

        order_id = self.database.transact(write)
        if cast:
            self.conductor.engine.wake('', order_id)
        return server_uuid

    def begin(self, operation, server_uuid, input=None, cast=True):
        """What nova-api does for an action; the order's id."""
        order_id = self.database.transact(
            begin.begin, operation, server_uuid, context=context.RequestContext(project_id='project'),
            now=self.clock.now(), input=input)
        if cast:
            self.conductor.engine.wake('', order_id)
        return order_id

    def server(self, server_uuid):
        with self.database.read() as tx:
            return servers.get(tx, server_uuid, deleted=True)

    def orders(self, server_uuid):
        with self.database.read() as tx:
            return orders.of_server(tx, server_uuid)

    def journal(self, order_id):
        with self.database.read() as tx:
            return orders.steps(tx, order_id)

    def usages(self):
        with self.database.read() as tx:
            return quotas.usages(tx, 'project')

    def is_idle(self):
        """Whether no order is open (a stuck one is not idle)."""
        with self.database.read() as tx:
            return not orders.list_(tx)

    def settle(self, limit=20_000.0):
        """Run until every order is closed. AssertionError if that does not happen in `limit` virtual seconds."""
        if not self.executor.run_until(self.is_idle, limit):
            with self.database.read() as tx:
                left = [(order.operation, order.state, [(s.step, s.undoing, s.state, s.message)
                                                        for s in orders.steps(tx, order.id)])
                        for order in orders.list_(tx)]
            raise AssertionError(f'Orders do not end: {left}')

    def is_up(self, host):
        with self.database.read() as tx:
            row = services.get_by_host(tx, host, 'nova-compute', down_after=self.conf.service_down_time)
        return row is not None and row.up

    def check_nothing_extra(self):
        """Every guest, allocation and usage belongs to a server that is there, and nothing is missing."""
        with self.database.read() as tx:
            rows = [row for row in servers.get_many(tx, self._all_uuids(tx)).values() if not row.deleted]
        placed = {row.uuid: row.host for row in rows if row.host}
        guests_on = {}
        for name, host in self.computes.hosts.items():
            for guest in host.guests:
                assert guest not in guests_on, f'{guest} is on {name} and on {guests_on[guest]}'
                guests_on[guest] = name
        assert guests_on == placed, f'guests {guests_on}, servers {placed}'
        assert self.placement.held == placed, f'allocations {self.placement.held}, servers {placed}'
        assert self.usages().get('instances', 0) == len(rows), f'usages {self.usages()}, servers {len(rows)}'

    def _all_uuids(self, tx):
        return list(tx.execute(servers.sa.select(servers.models.servers.c.uuid)).scalars())
