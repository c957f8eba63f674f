# SPDX-License-Identifier: Apache-2.0
"""The parts of nova-conductor put together: lease, engine, endpoint, adoption, reconcilers."""

import logging
import uuid

from nova_lite import errors
from nova_lite.clients.placement import Placement
from nova_lite.conductor import adoption, workflows
from nova_lite.conductor.endpoint import Endpoint
from nova_lite.conductor.engine import Engine
from nova_lite.conductor.reach import Reach
from nova_lite.conductor.reconcilers import allocations, locations, quota_usages
from nova_lite.conductor.world import World
from nova_lite.db import cells, services
from nova_lite.messages.hosts import Heartbeat
from nova_lite.operations.secrets import Vault
from nova_lite.rpc.compute import Compute
from nova_lite.rpc.scheduler import Scheduler
from nova_lite.service import concurrency, wait

LOG = logging.getLogger(__name__)

TOPIC = 'conductor'

# Repair loops that run by themselves: function, seconds between two runs.
PERIODIC = ((locations.mend, 60), (quota_usages.mend, 300), (allocations.mend, 300))


class Conductor:
    """A nova-conductor: `start`, `drain`, `stop`, as every daemon's part.

    `lease_database`: the cell's database over connections that nothing else uses (see `Lease.keep`).
    """

    def __init__(self, runtime, world, lease_database=None):
        self._runtime = runtime
        self._world = world
        self._settings = world.conf.orders
        self._database = world.cells.get(cells.DEFAULT)
        self._boot_id = uuid.uuid4().hex
        self._lease = adoption.Lease(
            lease_database or self._database, world.conf.host, self._settings.lease_seconds)
        self.engine = Engine(world, workflows.BY_OPERATION, lambda: self._lease.owner)
        self._serving = None
        self._loops = []

    def start(self):
        """Take the lease, go on with what is open, then listen."""
        self._lease.begin()
        beat = self._runtime.health.watch('the lease of this conductor', 3 * self._settings.lease_seconds)
        concurrency.native_thread(lambda: self._lease.keep(self._settings.renew_interval, beat), 'lease')
        every = self._runtime.executor.every
        self._loops = [
            every(self._settings.adoption_interval, self._adopt, jitter=0.2),
            every(self._world.conf.report_interval, self._beat, jitter=0.1),
            every(3600, self._tidy, jitter=0.1, first=60),
        ]
        for mend, seconds in PERIODIC:
            self._loops.append(every(seconds, lambda mend=mend: mend(self._world), jitter=0.2, first=seconds))
        endpoint = Endpoint(self._world, self.engine)
        self._serving = self._runtime.bus.serve(
            TOPIC, self._world.conf.host, endpoint, threads=self._world.conf.conductor.workers)

    def drain(self):
        """Take nothing new; orders stop at their next border."""
        if self._serving is not None:
            self._serving.drain()
        self.engine.drain()

    def stop(self, timeout=None):
        """Wait for what runs, then give every order back."""
        for loop in self._loops:
            loop.cancel()
        if self._serving is not None:
            self._serving.stop(timeout)
        if self._lease.owner and self.engine.wait_idle(timeout):
            self._lease.end()

    def _adopt(self):
        for name, database in self._world.cells.items():
            adoption.adopt(database, name, self.engine)

    def _beat(self):
        beat = Heartbeat(host=self._world.conf.host, binary='nova-conductor', topic=TOPIC, boot_id=self._boot_id)
        self._database.transact(services.heartbeat, beat, self._world.clock.now())

    def _tidy(self):
        adoption.tidy(self._database)


def build(runtime):
    """The parts of a nova-conductor that lives by itself; waits for its databases."""
    conf = runtime.conf
    databases = cells.Cells.from_conf(conf)
    wait.until(databases.api.ping, 'the api database', runtime.stopping, retry_on=(errors.Unavailable,))
    wait.until(databases.get().ping, 'the cell database', runtime.stopping, retry_on=(errors.Unavailable,))
    yield Conductor(runtime, World(
        conf=conf, cells=databases, clock=runtime.clock, executor=runtime.executor, random=runtime.random,
        scheduler=Scheduler(runtime.bus), computes=Reach(Compute(runtime.bus), runtime.clock),
        placement=Placement.from_conf(conf),
        vault=Vault(conf.orders.secret_key)), cells.Cells.from_conf(conf).get())
