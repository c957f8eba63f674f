# SPDX-License-Identifier: Apache-2.0
"""What tests of the conductor share: a laboratory, and words for what they wait for."""

import testtools

from nova_lite.db import orders
from tests.functional.lab import Lab


class LabCase(testtools.TestCase):
    """`self.lab` is a laboratory of three hosts and one conductor."""

    def setUp(self):
        super().setUp()
        self.lab = self.make_lab()

    def make_lab(self, **options):
        lab = Lab(**options)
        self.addCleanup(lab.close)
        return lab

    def host_of(self, server):
        """The simulated host that a server is on."""
        return self.lab.computes.hosts[self.lab.server(server).host]

    def active(self):
        """A new server that is active; its uuid."""
        server = self.lab.create()
        self.lab.settle()
        self.assertEqual('active', self.lab.server(server).vm_state)
        return server

    def wait_until(self, condition, limit=200.0):
        """Let virtual time pass until `condition()`; fails after `limit` seconds of it."""
        self.assertTrue(self.lab.executor.run_until(condition, limit), f'not in {limit} s')

    def pass_time(self, seconds):
        """Let virtual time pass."""
        end = self.lab.clock.time() + seconds
        self.lab.executor.run_until(lambda: self.lab.clock.time() >= end, seconds)
        self.lab.clock.seconds = max(self.lab.clock.seconds, end)

    def order(self, server):
        """The server's newest order."""
        return self.lab.orders(server)[-1]

    def wait_stuck(self, server):
        self.wait_until(lambda: self.order(server).state == orders.STUCK)

    def steps(self, server):
        """(attempt, step, undoing, state, host) of the newest order's journal."""
        return [(step.attempt, step.step, step.undoing, step.state, step.host)
                for step in self.lab.journal(self.order(server).id)]

    def assert_states(self, server, vm_state, task_state=None):
        row = self.lab.server(server)
        self.assertEqual((vm_state, task_state), (row.vm_state, row.task_state))

    def write(self, function, *arguments, **options):
        """One transaction on the laboratory's database."""
        return self.lab.database.transact(function, *arguments, **options)

    def read(self, function, *arguments, **options):
        with self.lab.database.read() as tx:
            return function(tx, *arguments, **options)
