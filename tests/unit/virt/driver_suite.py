# SPDX-License-Identifier: Apache-2.0
"""What every virt driver must do, as tests: a driver's own test class inherits them and says how to make the driver.

A subclass sets `driver`, and gives `make_guest()` (a guest whose image the driver can boot) and `base_of(guest)` (the
prepared image or None). `timeout` is how long, in seconds, a guest may take to react.
"""

import time
import uuid as uuids

from nova_lite import errors, states
from nova_lite.virt import interfaces


class Task(interfaces.Task):
    """A task that nobody calls off, or one that is called off from the start."""

    def __init__(self, cancelled=False):
        self.cancelled = cancelled

    def sleep(self, seconds):
        if self.cancelled:
            raise interfaces.Cancelled()
        time.sleep(seconds)

    def progress(self, percent):
        self.sleep(0)


class DriverSuite:
    """The tests. Mix in before the test case class."""

    timeout = 10

    def make_guest(self, **fields):
        raise NotImplementedError

    def base_of(self, guest):
        return None

    def boot(self, **fields):
        """A guest that runs; it is destroyed when the test ends."""
        guest = self.make_guest(**fields)
        self.addCleanup(self.driver.disks.remove, guest.uuid, Task())
        self.addCleanup(self.driver.guests.destroy, guest.uuid, Task())
        self.driver.disks.create(guest, self.base_of(guest), Task())
        self.driver.guests.start(guest, Task())
        return guest

    def state_of(self, guest):
        found = self.driver.guests.info(guest.uuid)
        return found and found.power_state

    def test_start_twice(self):
        guest = self.boot()
        self.assertEqual(states.RUNNING, self.state_of(guest))
        self.driver.disks.create(guest, self.base_of(guest), Task())
        self.driver.guests.start(guest, Task())
        self.assertEqual(states.RUNNING, self.state_of(guest))
        self.assertIn((guest.uuid, guest.name, states.RUNNING),
                      [(found.uuid, found.name, found.power_state) for found in self.driver.guests.list()])
        self.assertIn(guest.uuid, self.driver.disks.list())

    def test_start_without_disks_is_a_definite_no(self):
        self.assertRaises(interfaces.GuestNotFound, self.driver.guests.start, self.make_guest(), Task())

    def test_destroy_twice_leaves_nothing(self):
        guest = self.boot()
        for _ in range(2):
            self.driver.guests.destroy(guest.uuid, Task())
            self.driver.disks.remove(guest.uuid, Task())
        self.assertIsNone(self.driver.guests.info(guest.uuid))
        self.assertNotIn(guest.uuid, self.driver.disks.list())
        self.assertNotIn(guest.uuid, [found.uuid for found in self.driver.guests.list()])

    def test_power_off_twice_and_on_again(self):
        guest = self.boot()
        for _ in range(2):
            self.driver.guests.power_off(guest.uuid, 0, 1, Task())
            self.assertEqual(states.SHUTDOWN, self.state_of(guest))
        self.driver.guests.start(guest, Task())
        self.assertEqual(states.RUNNING, self.state_of(guest))

    def test_power_off_called_off(self):
        guest = self.boot()
        self.make_deaf(guest)
        self.assertRaises(
            interfaces.Cancelled, self.driver.guests.power_off, guest.uuid, 60, 10, Task(cancelled=True))

    def make_deaf(self, guest):
        """Make the guest ignore a polite shutdown; one without an operating system does so by itself."""

    def test_hard_reboot(self):
        guest = self.boot()
        self.driver.guests.reboot(guest, True, 0, Task())
        self.assertEqual(states.RUNNING, self.state_of(guest))
        self.driver.guests.power_off(guest.uuid, 0, 1, Task())
        self.driver.guests.reboot(guest, True, 0, Task())
        self.assertEqual(states.RUNNING, self.state_of(guest))

    def test_soft_reboot_falls_back_to_hard(self):
        guest = self.boot()
        self.make_deaf(guest)
        self.driver.guests.reboot(guest, False, 1, Task())
        self.assertEqual(states.RUNNING, self.state_of(guest))

    def test_guest_that_is_not_there(self):
        guest = self.make_guest()
        self.assertIsNone(self.driver.guests.info(guest.uuid))
        self.assertRaises(interfaces.GuestNotFound, self.driver.guests.power_off, guest.uuid, 0, 1, Task())
        self.assertRaises(interfaces.GuestNotFound, self.driver.guests.reboot, guest, True, 0, Task())
        self.assertRaises(interfaces.GuestNotFound, self.driver.consoles.log, guest.uuid, None)
        self.driver.guests.destroy(guest.uuid, Task())

    def test_console_log(self):
        guest = self.boot()
        self.assertIsInstance(self.driver.consoles.log(guest.uuid, None), str)
        self.assertEqual('', self.driver.consoles.log(guest.uuid, 0))
        self.assertTrue(len(self.driver.consoles.log(guest.uuid, 1).splitlines()) <= 1)

    def test_changes_are_told(self):
        seen = []
        self.driver.host.watch(lambda uuid, change: seen.append((uuid, change)))
        guest = self.boot()
        self.wait_for(lambda: (guest.uuid, interfaces.Change.STARTED) in seen)
        self.driver.guests.power_off(guest.uuid, 0, 1, Task())
        self.wait_for(lambda: (guest.uuid, interfaces.Change.STOPPED) in seen)
        self.driver.guests.destroy(guest.uuid, Task())
        self.wait_for(lambda: (guest.uuid, interfaces.Change.REMOVED) in seen)

    def test_facts(self):
        facts = self.driver.host.facts()
        inventory = self.driver.host.inventory()
        self.assertEqual(facts.vcpus, inventory['VCPU'].total)
        self.assertEqual(facts.memory_mb, inventory['MEMORY_MB'].total)
        self.assertEqual(facts.local_gb, inventory['DISK_GB'].total)
        self.assertTrue(facts.node and facts.hypervisor_type and facts.hypervisor_version > 0)
        self.assertIsInstance(self.driver.host.traits(), set)

    def test_what_the_driver_lacks(self):
        self.assertRaises(errors.Unsupported, lambda: self.driver.devices.anything())

    def new_uuid(self):
        return str(uuids.uuid4())

    def wait_for(self, condition):
        deadline = time.monotonic() + self.timeout
        while not condition():
            self.assertTrue(time.monotonic() < deadline, f'nothing happened in {self.timeout} s')
            time.sleep(0.01)
