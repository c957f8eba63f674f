# SPDX-License-Identifier: Apache-2.0
"""The parts of nova-compute put together: driver, jobs, outbox, reports, inventory, endpoint."""

import threading
import uuid as uuids
from pathlib import Path

from oslo_log import log

from nova_lite import errors
from nova_lite.clients.glance import Glance
from nova_lite.clients.placement import CONCURRENT_UPDATE, Placement
from nova_lite.compute import inventory, records, reports
from nova_lite.compute.endpoint import Endpoint
from nova_lite.compute.images import ImageCache
from nova_lite.compute.jobs import Jobs
from nova_lite.compute.lanes import Lanes, Slots
from nova_lite.compute.outbox import Outbox
from nova_lite.compute.primitives import Primitives
from nova_lite.rpc import COMPUTE
from nova_lite.rpc.conductor import Conductor
from nova_lite.service import wait
from nova_lite.virt import loader

LOG = log.getLogger(__name__)

_RECORDS_FOLDER = 'servers'
_PRUNE_INTERVAL = 3600


class Agent:
    """A nova-compute: `start`, `drain`, `stop`, as every daemon's part."""

    def __init__(self, runtime, driver, glance, providers):
        conf = runtime.conf
        self._runtime = runtime
        self.driver = driver
        conductor = Conductor(runtime.bus)
        slots = Slots(conf.compute.max_concurrent_disk_ops)
        self._images = ImageCache(
            driver.disks, glance, runtime.clock, slots, conf.image_cache.remove_unused_original_minimum_age_seconds)
        self.jobs = Jobs(
            records.Records(Path(conf.state_path) / _RECORDS_FOLDER), Primitives(driver, self._images, slots).perform,
            Lanes(runtime.executor, conf.max_concurrent_builds), runtime.clock,
            inline_wait=conf.compute.job_inline_wait, retention=conf.compute.job_retention)
        self._outbox = Outbox(conf.host, conductor, runtime.executor, runtime.random, self.jobs.told)
        self.jobs.on_end = self._outbox.add
        self.jobs.on_start = self._outbox.drop
        self.reports = reports.Reports(
            conf, driver, conductor, runtime.executor, uuids.uuid4().hex, self.jobs.busy)
        self._inventory = inventory.Inventory(conf, driver, providers, inventory.node_uuid(conf.state_path))
        self._updating = threading.Lock()
        self._serving = None
        self._loops = []
        self._alive = lambda: None

    def start(self):
        """Wait for the hypervisor, take up what was not told before, listen, and say that this host is here."""
        conf = self._runtime.conf
        wait.until(self.driver.host.facts, 'the hypervisor', self._runtime.stopping, retry_on=(errors.Unavailable,))
        self.driver.host.watch(self.reports.on_change)
        endpoint = Endpoint(self.jobs, self.driver.consoles, self.reports)
        self._serving = self._runtime.bus.serve(COMPUTE, conf.host, endpoint)
        for server_uuid, end in self.jobs.untold():
            self._outbox.add(server_uuid, end)
        every = self._runtime.executor.every
        self._alive = self._runtime.health.watch('heartbeat', conf.service_down_time)
        self._loops = [
            every(conf.report_interval, self._beat, jitter=0.1),
            every(_interval(conf.update_resources_interval, 60), self._update),
            every(_PRUNE_INTERVAL, self.jobs.prune, jitter=0.1, first=60),
        ]
        if conf.sync_power_state_interval >= 0:
            interval = conf.sync_power_state_interval or 60
            self._loops.append(every(interval, self.reports.tell_all_guests, jitter=0.1, first=interval))
        if conf.image_cache.remove_unused_base_images and conf.image_cache.manager_interval >= 0:
            interval = conf.image_cache.manager_interval or 60
            self._loops.append(every(interval, self._images.expire, jitter=0.1, first=interval))

    def drain(self):
        """Take no new work."""
        if self._serving is not None:
            self._serving.drain()

    def stop(self, timeout=None):
        """Wait for running jobs; what is left will be asked for again after the next start."""
        for loop in self._loops:
            loop.cancel()
        if self._serving is not None:
            self._serving.stop(timeout)
        if not self.jobs.wait(timeout):
            LOG.warning('jobs were still running; the conductor will ask for them again')
        self.driver.close()

    def _beat(self):
        self.reports.beat()
        self._alive()

    def _update(self):
        """Mend placement and tell the conductor, again soon if one of them is away."""
        try:
            wait.until(
                self._update_once, 'placement and the conductor', self._runtime.stopping, retry_on=(errors.Error,))
        except wait.Stopped as error:
            LOG.info('%s', error)

    def _update_once(self):
        try:
            self.reports.facts(self._inventory.update())
        except errors.Conflict as error:
            if error.details.get('code') == CONCURRENT_UPDATE:
                raise
            # The node's name and its identity do not go together. Asking again does not help, an operator does.
            LOG.error('the resources of this host are not up to date: %s', error)


def build(runtime):
    """The parts of a nova-compute that lives by itself."""
    conf = runtime.conf
    driver = loader.load(conf, clock=runtime.clock, executor=runtime.executor, random=runtime.random)
    yield Agent(runtime, driver, Glance.from_conf(conf), Placement.from_conf(conf).providers)


def _interval(configured, default):
    """Seconds of a periodic task that Nova's rules give: 0 is the default, a negative one almost never."""
    return 10 ** 9 if configured < 0 else configured or default
