# SPDX-License-Identifier: Apache-2.0
"""What hosts report: late, twice, never, from two hosts at once, and just while the conductor puts the order off."""

import msgspec

from nova_lite import states
from nova_lite.db import orders
from nova_lite.messages import jobs
from tests.fakes import world as sim
from tests.functional.workflows.case import LabCase


class Reports(LabCase):
    def setUp(self):
        super().setUp()
        self.server = self.active()
        self.host = self.host_of(self.server)
        self.host.latency = 5.0
        self.reports = []

    def keep_reports(self, deliver=True):
        """Note what the host reports; `deliver` False loses it."""
        real = self.host._report

        def report(message):
            self.reports.append(message)
            if deliver:
                real(message)

        self.host._report = report

    def report(self, message):
        self.lab.conductor.endpoint.report(None, message)

    def test_a_report_ends_the_wait(self):
        begun = self.lab.clock.time()
        self.lab.begin('stop', self.server)
        self.lab.settle()
        self.assertEqual(5.0, self.lab.clock.time() - begun)

    def test_a_lost_report_is_asked_for(self):
        self.keep_reports(deliver=False)
        begun = self.lab.clock.time()
        self.lab.begin('stop', self.server)
        self.lab.settle()
        self.assert_states(self.server, states.STOPPED)
        self.assertLess(self.lab.clock.time() - begun, self.lab.conf.orders.job_silence + 10)

    def test_a_job_may_take_longer_than_the_patience_with_unknown_outcomes(self):
        self.lab.conf.set_override('step_deadline', 300, group='orders')
        self.host.latency = 2000.0
        self.lab.begin('stop', self.server)
        self.lab.settle(2010)
        self.assert_states(self.server, states.STOPPED)

    def test_patience_begins_when_the_host_was_last_heard_of(self):
        self.lab.conf.set_override('step_deadline', 300, group='orders')
        self.host.latency = 2000.0
        self.lab.begin('stop', self.server)
        self.pass_time(1000)
        self.host.die()
        self.pass_time(250)
        self.assertEqual(orders.OPEN, self.order(self.server).state)
        self.lab.settle(200)
        self.assertEqual(orders.FAILED, self.order(self.server).state)

    def test_a_report_told_twice_changes_nothing(self):
        self.keep_reports()
        self.lab.begin('stop', self.server)
        self.lab.settle()
        before = self.lab.server(self.server), self.order(self.server), self.lab.journal(self.order(self.server).id)
        for report in self.reports * 2:
            self.report(report)
        self.pass_time(1)
        self.assertEqual(before, (self.lab.server(self.server), self.order(self.server),
                                  self.lab.journal(self.order(self.server).id)))

    def test_reports_that_nobody_waits_for(self):
        self.keep_reports(deliver=False)
        order = self.lab.begin('stop', self.server)
        self.wait_until(lambda: self.reports, 10)
        [report] = self.reports
        key = report.key
        for wrong in (msgspec.structs.replace(report, fence=report.fence - 1),
                      msgspec.structs.replace(report, fence=report.fence + 1),
                      msgspec.structs.replace(report, key=msgspec.structs.replace(key, attempt=7)),
                      msgspec.structs.replace(report, key=msgspec.structs.replace(key, step='start_guest')),
                      msgspec.structs.replace(report, key=msgspec.structs.replace(key, undoing=True)),
                      msgspec.structs.replace(report, key=msgspec.structs.replace(key, order_id=999))):
            self.report(wrong)
        self.assertEqual([orders.WAITING], [step.state for step in self.lab.journal(order)])
        self.report(report)
        self.lab.settle(1)

    def test_any_conductor_may_be_told(self):
        self.lab.begin('stop', self.server)
        self.pass_time(1)
        self.lab.start_conductor()
        begun = self.lab.clock.time()
        self.lab.settle()
        self.assertLess(self.lab.clock.time() - begun, 5)

    def test_a_report_that_comes_while_the_order_is_put_off(self):
        host = _Hasty('host9', self.lab.executor, lambda message: self.report(message), latency=5.0)
        host.guests[self.server] = states.RUNNING
        self.lab.computes.hosts[self.host.name] = host
        begun = self.lab.clock.time()
        self.lab.begin('stop', self.server)
        self.lab.settle()
        self.assertEqual(0.0, self.lab.clock.time() - begun)
        self.assert_states(self.server, states.STOPPED)

    def test_a_broken_job_is_measured_again(self):
        real, broken = self.host._perform, [1, 2]

        def perform(request):
            if broken:
                broken.pop()
                return jobs.Status(jobs.BROKEN, message='libvirt went away', reason='libvirtError')
            return real(request)

        self.host._perform = perform
        order = self.lab.begin('stop', self.server)
        self.wait_until(lambda: [step.message for step in self.lab.journal(order)] == ['libvirt went away'], 10)
        self.lab.settle(60)
        self.assert_states(self.server, states.STOPPED)

    def test_two_hosts_report_to_one_step(self):
        self.host.latency = 0.0
        server = self.active()
        other = self.host_of(server)
        self.assertIsNot(self.host, other)
        self.write(orders.insert_step, deadline_after=10, order_id=self.order(server).id, attempt=9, step='elsewhere',
                   undoing=False, state=orders.STEP_DONE, host=self.host.name, started_at=self.lab.clock.now())
        self.host.latency, other.latency = 5.0, 3.0
        self.host.guests[server] = states.RUNNING
        self.lab.begin('delete', server)
        self.lab.settle()
        self.assertEqual([], [name for name, host in self.lab.computes.hosts.items() if server in host.guests])
        self.lab.check_nothing_extra()


class _Hasty(sim.SimHost):
    """Reports the end of a job before it answers that the job runs."""

    def run_job(self, request):
        status = super().run_job(request)
        if status.state == jobs.RUNNING:
            self._end((request.server_uuid, request.key))
        return status
