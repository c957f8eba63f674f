# SPDX-License-Identifier: Apache-2.0
"""What each kind of work does to a driver, and what is left of it when it is refused."""

import errno

import testtools

from nova_lite import errors, states
from nova_lite.compute import lanes
from nova_lite.compute.primitives import HostFull, Primitives
from nova_lite.messages import jobs
from nova_lite.virt.fake.hypervisor import Failure
from tests.unit.compute import parts
from tests.unit.virt.driver_suite import Task

UP, OFF = {'power_state': states.RUNNING}, {'power_state': states.SHUTDOWN}
STARTED = {**UP, 'root_device_name': '/dev/vda', 'config_drive': False}


class PrimitivesTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.driver = parts.fake_driver()
        self.primitives = Primitives(self.driver, parts.no_images(self.driver), lanes.Slots(0))
        self.guest = parts.guest()

    def do(self, work):
        return self.primitives.perform(parts.request(work), Task())

    def test_the_life_of_a_guest(self):
        name = self.guest.name
        for work, result in (
                (jobs.StartGuest(self.guest), STARTED), (jobs.StartGuest(self.guest), STARTED),
                (jobs.PowerOff(name, timeout=0), OFF), (jobs.PowerOff(name, timeout=0), OFF),
                (jobs.PowerOn(self.guest), UP), (jobs.Reboot(self.guest), UP), (jobs.Reboot(self.guest, hard=True), UP),
                (jobs.DestroyGuest(name), {}), (jobs.DestroyGuest(name), {})):
            self.assertEqual(result, self.do(work), work)
        self.assertEqual([], self.driver.hypervisor.machines())

    def test_refused_start_leaves_nothing(self):
        self.driver.hypervisor.plan_failure('start', errors.Invalid('no'))
        self.assertRaises(errors.Invalid, self.do, jobs.StartGuest(self.guest))
        self.assertEqual([], self.driver.hypervisor.machines())

    def test_refused_start_of_a_guest_that_was_there_keeps_it(self):
        self.do(jobs.StartGuest(self.guest))
        self.do(jobs.PowerOff(self.guest.name, timeout=0))
        self.driver.hypervisor.plan_failure('start', errors.Invalid('no'))
        self.assertRaises(errors.Invalid, self.do, jobs.StartGuest(self.guest))
        self.assertEqual(1, len(self.driver.hypervisor.machines()))

    def test_full_host_is_a_definite_no(self):
        self.driver.hypervisor.plan_failure('create_disks', OSError(errno.ENOSPC, 'No space left on device'))
        self.assertRaises(HostFull, self.do, jobs.StartGuest(self.guest))

    def test_broken_start_is_measured_again(self):
        self.driver.hypervisor.plan_failure('start', after=True)
        self.assertRaises(Failure, self.do, jobs.StartGuest(self.guest))
        self.assertEqual(STARTED, self.do(jobs.StartGuest(self.guest)))

    def test_broken_anywhere_and_asked_again(self):
        name = self.guest.name
        works = (
            (jobs.StartGuest(self.guest), ('create_disks', 'start'), STARTED),
            (jobs.Reboot(self.guest, hard=True), ('reboot',), UP),
            (jobs.PowerOff(name, timeout=0), ('power_off',), OFF),
            (jobs.PowerOn(self.guest), ('start',), UP),
            (jobs.DestroyGuest(name), ('destroy', 'remove_disks'), {}),
        )
        for work, primitives, result in works:
            for primitive in primitives:
                for after in (False, True):
                    self.driver.hypervisor.plan_failure(primitive, after=after)
                    self.assertRaises(Failure, self.do, work)
            self.assertEqual(result, self.do(work), work)
        self.assertEqual([], self.driver.hypervisor.machines())

    def test_power_on_of_what_is_not_there(self):
        self.assertRaises(errors.NotFound, self.do, jobs.PowerOn(self.guest))

    def test_another_servers_guest(self):
        request = parts.request(jobs.StartGuest(self.guest), uuid='7c6ef9a6-3d3c-4b2c-9d55-000000000009')
        self.assertRaises(errors.Invalid, self.primitives.perform, request, Task())
