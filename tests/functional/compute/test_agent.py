# SPDX-License-Identifier: Apache-2.0
"""A whole agent in this process: real threads, real files, a bus in memory, the fake driver, a conductor that listens.

What must hold when the agent is killed and comes back: fences, ends, guests.
"""

import dataclasses
import tempfile
import threading
from pathlib import Path

import testtools

from nova_lite import errors, states
from nova_lite.compute import service
from nova_lite.messages import hosts, jobs
from nova_lite.rpc.compute import Compute
from nova_lite.rpc.local import LocalBus
from nova_lite.service import daemon, runtime
from nova_lite.virt import loader
from tests.unit.compute import parts
from tests.unit.compute.test_inventory import Providers


class Conductor:
    """The conductor's endpoint: remembers, and does not answer reports while `away`."""

    def __init__(self):
        self.reports, self.beats, self.facts, self.whole = [], [], [], []
        self.changes = []
        self.away = threading.Event()

    def report(self, context, request: jobs.Report) -> None:
        if self.away.is_set():
            raise errors.Unavailable()
        self.reports.append(request)

    def heartbeat(self, context, request: hosts.Heartbeat) -> None:
        self.beats.append(request)

    def host_facts(self, context, request: hosts.HostFacts) -> None:
        self.facts.append(request)

    def guests_report(self, context, request: hosts.GuestsReport) -> None:
        (self.whole if request.whole else self.changes).append(request)


class AgentTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        outside = runtime.real(parts.options(), LocalBus, workers=8)
        self.addCleanup(outside.executor.shutdown)
        self.bus = outside.bus
        self.conductor = Conductor()
        self.bus.serve('conductor', 'conductor-1', self.conductor)
        self.providers = Providers()
        self.compute = Compute(self.bus)
        self.guest = parts.guest()

    def start(self, **options):
        """A new process, so to speak: everything anew but the folder."""
        conf = parts.options(**{
            'host': 'host-1', 'compute_driver': 'fake', 'state_path': str(self.folder), 'report_interval': 1,
            'fake__state_directory': str(self.folder / 'hypervisor'), **options})

        def build(inside):
            self.agent = service.Agent(
                inside, loader.load(conf, random=inside.random), parts.Glance(), self.providers)
            yield self.agent

        inside = dataclasses.replace(runtime.real(conf, self.bus, workers=8), bus=self.bus)
        process = daemon.Daemon(conf, 'nova-compute', build, inside)
        # The bus is everybody's here.
        inside.bus.close = lambda: None
        process.start()
        self.addCleanup(process.stop, 5)
        return process

    def ask(self, work, **fields):
        return self.compute.run_job('host-1', parts.request(work, **fields))

    def test_start_tells_everything(self):
        self.start()
        parts.wait_until(lambda: self.conductor.beats and self.conductor.facts and self.conductor.whole)
        self.assertTrue(self.conductor.beats[0].started)
        facts = self.conductor.facts[0]
        self.assertEqual((self.folder / 'compute_id').read_text().strip(), facts.uuid)
        self.assertEqual(['inventories', 'traits'], self.providers.writes)
        parts.wait_until(lambda: not self.conductor.beats[-1].started, 'a heartbeat after the first')

    def test_the_life_of_a_server(self):
        self.start()
        self.assertEqual(1, self.ask(jobs.StartGuest(self.guest)).result['power_state'])
        request = hosts.ConsoleRequest(self.guest.uuid, self.guest.name, 1)
        self.assertEqual('one login:\n', self.compute.console_log('host-1', request).output)
        [listed] = self.compute.guests('host-1').guests
        self.assertEqual((self.guest.uuid, self.guest.name, states.RUNNING),
                         (listed.uuid, listed.name, listed.power_state))
        self.assertEqual(jobs.DONE, self.ask(jobs.DestroyGuest(self.guest.name), order_id=2, fence=2).state)
        self.assertEqual([], self.compute.guests('host-1').guests)
        self.assertRaises(errors.NotFound, self.compute.console_log, 'host-1', request)

    def test_a_guest_that_halts_is_told(self):
        self.start()
        self.ask(jobs.StartGuest(self.guest))
        parts.wait_until(lambda: self.conductor.whole)
        self.agent.driver.hypervisor.halt(self.guest.uuid)
        parts.wait_until(lambda: self.conductor.changes and
                         self.conductor.changes[-1].guests[0].power_state == states.SHUTDOWN)

    def test_long_work_is_reported(self):
        self.start(compute__job_inline_wait=0.0, fake__latency=0.05)
        self.assertEqual(jobs.RUNNING, self.ask(jobs.StartGuest(self.guest)).state)
        parts.wait_until(lambda: self.conductor.reports)
        [report] = self.conductor.reports
        self.assertEqual((jobs.DONE, 'host-1', self.guest.uuid, 1),
                         (report.status.state, report.host, report.server_uuid, report.fence))
        parts.wait_until(lambda: not self.agent.jobs.untold())

    def test_end_is_told_by_the_next_process(self):
        self.conductor.away.set()
        process = self.start(compute__job_inline_wait=0.0, fake__latency=0.05)
        self.ask(jobs.StartGuest(self.guest), fence=3)
        parts.wait_until(lambda: self.agent.jobs.untold())
        process.stop(5)
        self.conductor.away.clear()
        self.start()
        parts.wait_until(lambda: self.conductor.reports)
        self.assertEqual(jobs.DONE, self.ask(jobs.StartGuest(self.guest), fence=3).state)
        self.assertEqual('StaleFence', self.ask(jobs.DestroyGuest(self.guest.name), order_id=2, fence=2).reason)
        self.assertEqual([(self.guest.uuid, states.RUNNING)],
                         [(found.uuid, found.power_state) for found in self.compute.guests('host-1').guests])

    def test_delete_calls_off_a_build(self):
        self.start(compute__job_inline_wait=0.0, fake__latency=30.0)
        self.assertEqual(jobs.RUNNING, self.ask(jobs.StartGuest(self.guest)).state)
        self.agent.driver.hypervisor.options = parts.options(fake__latency=0.0).fake
        self.ask(jobs.DestroyGuest(self.guest.name), order_id=2, fence=2)
        parts.wait_until(lambda: [report for report in self.conductor.reports if report.fence == 2])
        self.assertEqual([], self.agent.driver.hypervisor.machines())

    def test_conductor_that_refuses_this_host(self):
        self.providers.ensure = lambda uuid, name: (_ for _ in ()).throw(errors.Conflict('the name is taken'))
        self.start()
        parts.wait_until(lambda: self.conductor.beats)
        self.assertEqual([], self.conductor.facts)
