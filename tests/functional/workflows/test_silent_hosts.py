# SPDX-License-Identifier: Apache-2.0
"""Hosts that give no sign of life: because they are dead, or because the bus was away for everybody."""

import testtools

from nova_lite import states
from tests.functional.lab import Lab


class SilentHostsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.lab = Lab(hosts=1)
        self.addCleanup(self.lab.close)
        self.host = self.lab.computes.hosts['host1']
        self.server = self.lab.create()
        self.lab.settle()

    def test_delete_after_the_bus_was_away_removes_the_guest(self):
        self.host.die()
        self.lab.clock.advance(70)
        self.assertFalse(self.lab.is_up('host1'))
        self.lab.begin('delete', self.server)
        self.lab.executor.call_later(8, self.host.come_back)
        self.lab.settle()
        self.assertEqual(states.DELETED, self.lab.server(self.server).vm_state)
        self.lab.check_nothing_extra()

    def test_delete_on_a_dead_host_ends_and_leaves_the_guest_to_the_orphans(self):
        self.host.die()
        began = self.lab.clock.time()
        self.lab.begin('delete', self.server)
        self.lab.settle()
        self.assertLess(self.lab.clock.time() - began, 4 * self.lab.conf.service_down_time)
        self.assertEqual(states.DELETED, self.lab.server(self.server).vm_state)
        self.assertEqual({}, self.lab.placement.held)
        self.host.come_back()
        self.lab.beat('host1', started=True)
        self.lab.conductor.endpoint.guests_report(None, self.lab.computes.guests('host1'))
        self.lab.check_nothing_extra()

    def test_delete_on_a_host_that_was_removed_ends_at_once(self):
        self.host.die()
        self.lab.forget_host('host1')
        began = self.lab.clock.time()
        self.lab.begin('delete', self.server)
        self.lab.settle()
        self.assertLess(self.lab.clock.time() - began, 2)
        self.assertEqual(states.DELETED, self.lab.server(self.server).vm_state)
