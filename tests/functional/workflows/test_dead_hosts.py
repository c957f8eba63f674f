# SPDX-License-Identifier: Apache-2.0
"""Hosts that die in the middle: they come back, or another one is used and what they hold is removed later."""

from nova_lite import states
from tests.functional.workflows.case import LabCase


class DeadHosts(LabCase):
    def build_on_a_dying_host(self):
        """A build whose host dies while it starts the guest: (server, host)."""
        for host in self.lab.computes.hosts.values():
            host.latency = 5.0
        server = self.lab.create()
        self.pass_time(2)
        [host] = [host for host in self.lab.computes.hosts.values() if host.running]
        host.die()
        return server, host

    def come_back(self, host):
        host.come_back()
        self.lab.beat(host.name, started=True)

    def report_guests(self, host):
        self.lab.conductor.endpoint.guests_report(None, self.lab.computes.guests(host.name))

    def test_it_comes_back(self):
        server, host = self.build_on_a_dying_host()
        self.pass_time(300)
        self.assert_states(server, states.BUILDING, states.SPAWNING)
        self.come_back(host)
        self.lab.settle(10)
        self.assert_states(server, states.ACTIVE)
        self.assertEqual(host.name, self.lab.server(server).host)
        self.lab.check_nothing_extra()

    def test_it_never_comes_back(self):
        server, host = self.build_on_a_dying_host()
        self.lab.settle(self.lab.conf.orders.step_deadline + 200)
        self.assert_states(server, states.ACTIVE)
        self.assertNotEqual(host.name, self.lab.server(server).host)
        self.lab.check_nothing_extra()

    def test_it_comes_back_too_late_with_the_guest(self):
        self.lab.conf.set_override('step_deadline', 100, group='orders')
        server, host = self.build_on_a_dying_host()
        host.guests[server] = states.RUNNING
        self.lab.settle(1000)
        self.assertNotEqual(host.name, self.lab.server(server).host)
        self.come_back(host)
        host.latency = 0.0
        self.report_guests(host)
        self.assertEqual({}, host.guests)
        self.assert_states(server, states.ACTIVE)
        self.lab.check_nothing_extra()

    def test_a_delete_does_not_wait_for_a_dead_host(self):
        server = self.active()
        host = self.host_of(server)
        host.die()
        self.lab.begin('delete', server)
        self.lab.settle(3 * self.lab.conf.service_down_time)
        self.assertTrue(self.lab.server(server).deleted)
        self.assertEqual({server: states.RUNNING}, host.guests)
        self.come_back(host)
        self.report_guests(host)
        self.lab.check_nothing_extra()

    def test_a_delete_waits_for_a_host_that_has_only_just_fallen_silent(self):
        server = self.active()
        host = self.host_of(server)
        host.die()
        self.lab.begin('delete', server)
        self.pass_time(20)
        self.assertFalse(self.lab.server(server).deleted)
        self.come_back(host)
        self.lab.settle(15)
        self.lab.check_nothing_extra()

    def test_every_host_is_dead(self):
        for host in self.lab.computes.hosts.values():
            host.die()
        server = self.lab.create()
        self.lab.settle()
        self.assert_states(server, states.ERROR)
        self.lab.check_nothing_extra()

    def test_a_running_order_waits_for_its_host_and_goes_on_at_once(self):
        server = self.active()
        host = self.host_of(server)
        host.die()
        self.lab.begin('stop', server)
        self.pass_time(500)
        self.assert_states(server, states.ACTIVE, states.POWERING_OFF)
        self.come_back(host)
        self.lab.settle(1)
        self.assert_states(server, states.STOPPED)
