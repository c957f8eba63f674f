# SPDX-License-Identifier: Apache-2.0
"""Build on host after host: each failed attempt is undone whole, and what is said in the end."""

from nova_lite import states
from nova_lite.db import orders, servers
from nova_lite.messages import jobs
from tests.functional.workflows.case import LabCase


class Attempts(LabCase):
    def refuse(self, *names):
        for name in names:
            self.lab.computes.hosts[name].refuse = jobs.StartGuest

    def build(self):
        server = self.lab.create()
        self.lab.settle()
        self.lab.check_nothing_extra()
        return server

    def fault(self, server):
        return self.read(servers.faults, [server])[server]

    def test_the_third_host_takes_it(self):
        self.refuse('host1', 'host2')
        server = self.build()
        self.assert_states(server, states.ACTIVE)
        self.assertEqual('host3', self.lab.server(server).host)
        self.assertEqual([
            (1, 'pick_destination', False, 'done', None), (1, 'start_guest', False, 'refused', 'host1'),
            (1, 'start_guest', True, 'done', 'host1'), (1, 'pick_destination', True, 'done', None),
            (2, 'pick_destination', False, 'done', None), (2, 'start_guest', False, 'refused', 'host2'),
            (2, 'start_guest', True, 'done', 'host2'), (2, 'pick_destination', True, 'done', None),
            (3, 'pick_destination', False, 'done', None), (3, 'start_guest', False, 'done', 'host3')],
            self.steps(server))
        self.assertEqual({}, self.read(servers.faults, [server]))

    def test_max_attempts(self):
        self.lab.add_host('host4')
        self.refuse('host1', 'host2', 'host3')
        server = self.build()
        self.assert_states(server, states.ERROR)
        self.assertEqual((None, None), (self.lab.server(server).host, self.lab.server(server).node))
        fault = self.fault(server)
        self.assertEqual('No valid host was found. Building failed on 3 hosts. The last one said: told to refuse',
                         fault.message)
        self.assertEqual((500, 'told to refuse', 'host3'), (fault.code, fault.details, fault.host))
        self.assertEqual((orders.FAILED, 'Error'), (self.order(server).state, self.order(server).message))
        self.assertEqual(3, max(step[0] for step in self.steps(server)))

    def test_no_host_is_left(self):
        self.refuse('host1', 'host2', 'host3')
        self.lab.conf.set_override('max_attempts', 10, group='scheduler')
        server = self.build()
        self.assert_states(server, states.ERROR)
        self.assertEqual('No valid host was found. Building failed on 3 hosts. No other host is left.',
                         self.fault(server).message)
        self.assertEqual([('placement', 3, 0)], [
            (stage['stage'], stage['before'], stage['after']) for stage in self.order(server).explanation['stages']])

    def test_no_host_at_all_is_not_tried_twice(self):
        for host in self.lab.computes.hosts.values():
            host.alive = False
        server = self.build()
        self.assertEqual([(1, 'pick_destination', False, 'refused', None),
                          (1, 'pick_destination', True, 'done', None)], self.steps(server))
        self.assertTrue(self.fault(server).message.startswith('No valid host was found.'))

    def test_one_attempt_when_one_is_allowed(self):
        self.lab.conf.set_override('max_attempts', 1, group='scheduler')
        self.refuse('host1')
        server = self.build()
        self.assertEqual('No valid host was found. Building failed on 1 host. The last one said: told to refuse',
                         self.fault(server).message)

    def test_a_failed_server_keeps_its_quota_until_it_is_deleted(self):
        self.refuse('host1', 'host2', 'host3')
        server = self.build()
        self.assertEqual(1, self.lab.usages()['instances'])
        self.lab.begin('delete', server)
        self.lab.settle()
        self.assertEqual(0, self.lab.usages()['instances'])
        self.assertEqual(0, self.lab.usages()['cores'])

    def test_a_crash_between_any_two_of_many_attempts(self):
        self.refuse('host1', 'host2')
        for moment in range(1, 11):
            lab = self.lab = self.make_lab(latency=1.0)
            self.refuse('host1', 'host2')
            server = lab.create()
            lab.executor.run_until(lambda: len(lab.journal(lab.orders(server)[0].id)) >= moment, 100)  # noqa: B023
            lab.kill_conductor()
            lab.settle()
            self.assert_states(server, states.ACTIVE)
            lab.check_nothing_extra()
