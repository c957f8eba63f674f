# SPDX-License-Identifier: Apache-2.0
"""What nova-conductor may be told. Any conductor takes it."""

from nova_lite.messages import orders
from nova_lite.rpc.client import Client


class Conductor(Client):
    topic = 'conductor'

    def run_order(self, order_id, cell=''):
        """An order was written: look at it now. Lost is no harm, adoption finds it."""
        self._cast('run_order', orders.RunOrder(order_id, cell))

    def report(self, report):
        """A job has ended (`jobs.Report`). Returns once that is journaled; else to be told again."""
        self._call('report', report, timeout=15)

    def heartbeat(self, beat):
        """A daemon lives (`hosts.Heartbeat`)."""
        self._cast('heartbeat', beat)

    def host_facts(self, facts):
        """What a node is (`hosts.HostFacts`). Raises Conflict when its name belongs to another identity."""
        self._call('host_facts', facts)

    def guests_report(self, report):
        """Which guests a host has and how they are (`hosts.GuestsReport`)."""
        self._cast('guests_report', report)
