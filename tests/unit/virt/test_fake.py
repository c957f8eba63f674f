# SPDX-License-Identifier: Apache-2.0
"""The fake driver: what every driver must do, and what only this one does."""

import tempfile

import testtools

from nova_lite import states
from nova_lite.virt import interfaces
from nova_lite.virt.fake.hypervisor import Failure
from tests.unit.compute import parts
from tests.unit.virt.driver_suite import DriverSuite, Task


class FakeDriverTest(DriverSuite, testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.driver = parts.fake_driver()

    def make_guest(self, **fields):
        return parts.guest(self.new_uuid(), **fields)

    def make_deaf(self, guest):
        self.driver.hypervisor.machine(guest.uuid).deaf = True

    def test_planned_failures(self):
        self.driver.hypervisor.plan_failure('start')
        self.assertRaises(Failure, self.boot)
        self.driver.hypervisor.plan_failure('start', after=True)
        guest = self.make_guest()
        self.driver.disks.create(guest, None, Task())
        self.assertRaises(Failure, self.driver.guests.start, guest, Task())
        self.assertEqual(states.RUNNING, self.state_of(guest))

    def test_failures_by_chance(self):
        self.driver = parts.fake_driver(conf=parts.options(host='host-1', fake__failure_rate=1.0))
        self.assertRaises(Failure, self.driver.disks.create, self.make_guest(), None, Task())

    def test_guests_outlive_the_process(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        conf = parts.options(host='host-1', fake__state_directory=folder.name)
        self.driver = parts.fake_driver(conf=conf)
        guest = self.boot()
        self.driver = parts.fake_driver(conf=conf)
        self.assertEqual(states.RUNNING, self.state_of(guest))
        self.assertIn(f'{guest.hostname} login:', self.driver.consoles.log(guest.uuid, None))
        self.driver.guests.destroy(guest.uuid, Task())
        self.driver.disks.remove(guest.uuid, Task())
        self.assertEqual([], parts.fake_driver(conf=conf).guests.list())

    def test_latency_is_slept_through_the_task(self):
        driver = parts.fake_driver(parts.options(host='host-1', fake__latency=5.0))
        self.assertRaises(interfaces.Cancelled, driver.disks.create, self.make_guest(), None, Task(cancelled=True))
        self.assertRaises(interfaces.Cancelled, driver.guests.destroy, self.new_uuid(), Task(cancelled=True))

    def test_halt_is_told(self):
        guest = self.boot()
        seen = []
        self.driver.host.watch(lambda uuid, change: seen.append((uuid, change)))
        self.driver.hypervisor.halt(guest.uuid)
        self.assertEqual([(guest.uuid, interfaces.Change.STOPPED)], seen)
        self.assertEqual(states.SHUTDOWN, self.state_of(guest))
