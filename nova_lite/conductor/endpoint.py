# SPDX-License-Identifier: Apache-2.0
"""What other daemons tell nova-conductor. Each method writes what it was told and wakes who waits for it."""

import logging

import msgspec

from nova_lite.conductor.reconcilers import orphan_guests, power_states
from nova_lite.db import cells, hosts, orders, services
from nova_lite.messages import hosts as host_messages
from nova_lite.messages import jobs
from nova_lite.messages import orders as order_messages

LOG = logging.getLogger(__name__)


class Endpoint:
    """RPC methods of topic `conductor`. Hosts belong to the cell whose bus they are on: the default one."""

    def __init__(self, world, engine):
        self._world = world
        self._engine = engine
        self._cell = cells.DEFAULT
        self._database = world.cells.get(self._cell)

    def run_order(self, context, request: order_messages.RunOrder) -> None:
        """An order was written. Adoption would find it; this is only sooner."""
        self._engine.wake(request.cell, request.order_id)

    def report(self, context, request: jobs.Report) -> None:
        """A host's job has ended. Returns once that is journaled: then the host may forget it."""
        database = self._world.cells.get(request.key.cell)
        order_id = database.transact(
            orders.report_step, msgspec.structs.replace(request, status=msgspec.to_builtins(request.status)),
            self._world.clock.now())
        if order_id is not None:
            self._engine.wake(request.key.cell, order_id)

    def heartbeat(self, context, request: host_messages.Heartbeat) -> None:
        """A daemon lives. When it has just started, orders that wait for its host go on at once."""
        conf = self._world.conf
        disabled = request.binary == 'nova-compute' and not conf.enable_new_services
        self._database.transact(
            services.heartbeat, request, self._world.clock.now(), disabled=disabled,
            disabled_reason='New compute service disabled due to config option.' if disabled else None)
        self._world.computes.heard(request.host)
        if request.started:
            self._wake_orders_of(request.host)

    def host_facts(self, context, request: host_messages.HostFacts) -> None:
        """A hypervisor says what it is. Raises Conflict when its name and its identity do not go together."""
        self._database.transact(hosts.upsert_facts, request, self._world.clock.now())

    def guests_report(self, context, request: host_messages.GuestsReport) -> None:
        """A host says which guests it has and how they are."""
        power_states.take_report(self._world, self._database, request)
        if request.whole:
            orphan_guests.mend(self._world, self._database, request)

    def _wake_orders_of(self, host):
        with self._database.read() as tx:
            waiting = orders.of_host(tx, host)
        for order_id in waiting:
            self._engine.wake(self._cell, order_id)
        if waiting:
            LOG.info('nova-compute on %s is back: %d orders go on', host, len(waiting))


