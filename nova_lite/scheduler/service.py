# SPDX-License-Identifier: Apache-2.0
"""The parts of nova-scheduler put together: databases, placement, endpoint, signs of life."""

import uuid

from nova_lite import errors
from nova_lite.clients.placement import Placement
from nova_lite.db import cells
from nova_lite.messages.hosts import Heartbeat
from nova_lite.rpc import SCHEDULER
from nova_lite.rpc.conductor import Conductor
from nova_lite.scheduler.endpoint import Endpoint
from nova_lite.scheduler.select import Parts
from nova_lite.service import wait


class Scheduler:
    """A nova-scheduler: `start`, `drain`, `stop`, as every daemon's part. Keeps nothing that matters in memory."""

    def __init__(self, runtime, parts):
        self._runtime = runtime
        self._parts = parts
        self._conductor = Conductor(runtime.bus)
        self._boot_id = uuid.uuid4().hex
        self._started = False
        self._serving = None
        self._beating = None

    def start(self):
        """Listen, and tell the conductor every `report_interval` that we live."""
        conf = self._runtime.conf
        self._serving = self._runtime.bus.serve(
            SCHEDULER, conf.host, Endpoint(self._parts),
            threads=conf.scheduler.workers or conf.default_thread_pool_size)
        self._beating = self._runtime.executor.every(conf.report_interval, self._beat, jitter=0.1)

    def drain(self):
        """Take no new request; decisions under way are finished."""
        if self._serving is not None:
            self._serving.drain()

    def stop(self, timeout=None):
        """Wait for decisions under way. One that is cut off is found again by its claim."""
        if self._beating is not None:
            self._beating.cancel()
        if self._serving is not None:
            self._serving.stop(timeout)

    def _beat(self):
        self._conductor.heartbeat(Heartbeat(
            host=self._runtime.conf.host, binary='nova-scheduler', topic=SCHEDULER, boot_id=self._boot_id,
            started=not self._started))
        self._started = True


def build(runtime):
    """The parts of a nova-scheduler that lives by itself; waits for its databases. Raises registry.UnknownPart."""
    conf = runtime.conf
    databases = cells.Cells.from_conf(conf)
    parts = Parts.of(runtime, databases, Placement.from_conf(conf))
    wait.until(databases.api.ping, 'the api database', runtime.stopping, retry_on=(errors.Unavailable,))
    wait.until(databases.get().ping, 'the cell database', runtime.stopping, retry_on=(errors.Unavailable,))
    yield Scheduler(runtime, parts)
