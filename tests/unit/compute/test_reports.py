# SPDX-License-Identifier: Apache-2.0
"""Signs of life, facts and guests: when they are told, and when not."""

import msgspec
import testtools

from nova_lite import errors, states
from nova_lite.compute import reports
from nova_lite.messages.hosts import HostFacts
from nova_lite.virt.interfaces import Change
from tests.fakes.time import VirtualClock, VirtualExecutor
from tests.unit.compute import parts
from tests.unit.virt.driver_suite import Task

FACTS = HostFacts(host='host-1', node='host-1', uuid='u', hypervisor_type='fake', hypervisor_version=1,
                  host_ip='192.0.2.1', vcpus=1, memory_mb=1, local_gb=1, uptime='1')


class Conductor:
    """Remembers what it was told."""

    def __init__(self):
        self.beats, self.facts, self.guests = [], [], []
        self.error = None

    def heartbeat(self, beat):
        self.beats.append(beat)

    def host_facts(self, facts):
        if self.error:
            raise self.error
        self.facts.append(facts)

    def guests_report(self, report):
        self.guests.append(report)


class ReportsTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.executor = VirtualExecutor(VirtualClock())
        self.conductor = Conductor()
        self.busy = set()
        self.driver = parts.fake_driver()
        self.guest = parts.guest()
        self.driver.disks.create(self.guest, None, Task())
        self.driver.guests.start(self.guest, Task())
        self.reports = reports.Reports(
            parts.options(host='host-1'), self.driver, self.conductor, self.executor, 'boot-1', self.busy.__contains__)
        self.driver.host.watch(self.reports.on_change)

    def settle(self):
        self.executor.run_until(lambda: False)
        return self.conductor.guests

    def test_started_until_the_conductor_has_answered(self):
        self.conductor.error = errors.Unavailable()
        self.reports.beat()
        self.assertRaises(errors.Unavailable, self.reports.facts, FACTS)
        self.reports.beat()
        self.conductor.error = None
        self.reports.facts(FACTS)
        self.reports.beat()
        self.assertEqual([True, True, False], [beat.started for beat in self.conductor.beats])
        self.assertEqual({('host-1', 'nova-compute', 'compute', 'boot-1')},
                         {(beat.host, beat.binary, beat.topic, beat.boot_id) for beat in self.conductor.beats})

    def test_facts_only_when_they_differ(self):
        self.reports.facts(FACTS)
        self.reports.facts(msgspec.structs.replace(FACTS, uptime='2'))
        self.reports.facts(msgspec.structs.replace(FACTS, vcpus=2))
        self.assertEqual([1, 2], [facts.vcpus for facts in self.conductor.facts])

    def test_a_host_whose_service_was_removed_comes_back_by_itself(self):
        for _ in range(25):
            self.reports.facts(FACTS)
        self.assertEqual(3, len(self.conductor.facts))

    def test_the_first_report_of_all_guests_is_told_again_until_it_arrives(self):
        tell, failures = self.conductor.guests_report, [errors.Unavailable()]

        def failing(report):
            if failures:
                raise failures.pop()
            tell(report)

        self.conductor.guests_report = failing
        self.assertRaises(errors.Unavailable, self.reports.facts, FACTS)
        self.reports.beat()
        self.reports.facts(FACTS)
        self.assertEqual([True], [report.whole for report in self.conductor.guests])
        self.assertTrue(self.conductor.beats[0].started)

    def test_a_guest_that_halts_is_told(self):
        self.driver.hypervisor.halt(self.guest.uuid)
        [report] = self.settle()
        self.assertFalse(report.whole)
        self.assertEqual([(self.guest.uuid, 4)], [(guest.uuid, guest.power_state) for guest in report.guests])

    def test_nothing_while_a_job_works_on_it(self):
        self.busy.add(self.guest.uuid)
        self.driver.guests.power_off(self.guest.uuid, 0, 1, Task())
        self.assertEqual([], self.settle())

    def test_whole_after_a_removal_or_a_gap(self):
        self.driver.guests.destroy(self.guest.uuid, Task())
        [report] = self.settle()
        self.assertTrue(report.whole)
        self.assertEqual([(self.guest.uuid, states.NOSTATE)],
                         [(guest.uuid, guest.power_state) for guest in report.guests], 'its disks are left')
        self.driver.disks.remove(self.guest.uuid, Task())
        self.assertEqual([], self.reports.all_guests().guests)
        self.reports.on_change(None, Change.RECONNECTED)
        self.assertEqual([1, 3], [report.sequence for report in self.settle()])
