# SPDX-License-Identifier: Apache-2.0
"""Pretended guests: made, switched and destroyed in memory."""

from nova_lite import states
from nova_lite.messages.hosts import GuestState
from nova_lite.virt.interfaces import Change, GuestNotFound, Guests


class FakeGuests(Guests):
    """Guests of the pretended hypervisor."""

    def __init__(self, hypervisor):
        self._hypervisor = hypervisor

    def start(self, guest, task):
        def change():
            machine = self._hypervisor.machine(guest.uuid, defined=False)
            if machine is None or not machine.disks:
                raise GuestNotFound(f'The disks of {guest.uuid} do not exist.')
            if machine.defined and machine.power_state == states.RUNNING:
                return
            machine.name, machine.defined = guest.name, True
            machine.vcpus, machine.memory_mb = guest.flavor.vcpus, guest.flavor.memory_mb
            self._hypervisor.switch(machine, states.RUNNING, Change.STARTED, f'{guest.hostname} login:')
        self._hypervisor.act('start', task, change)

    def power_off(self, uuid, timeout, retry_interval, task):
        machine = self._existing(uuid)
        waited = 0
        while machine.deaf and machine.power_state == states.RUNNING and waited < timeout:
            task.sleep(min(max(retry_interval, 1), timeout - waited))
            waited += max(retry_interval, 1)
        self._hypervisor.act('power_off', task, lambda: self._stop(machine))

    def reboot(self, guest, hard, timeout, task):
        machine = self._existing(guest.uuid)
        if machine.deaf and not hard:
            task.sleep(timeout)

        def change():
            self._stop(machine)
            self._hypervisor.switch(machine, states.RUNNING, Change.STARTED, f'{guest.hostname} login:')
        self._hypervisor.act('reboot', task, change)

    def destroy(self, uuid, task):
        def change():
            machine = self._hypervisor.machine(uuid)
            if machine is None:
                return
            machine.defined, machine.power_state = False, states.SHUTDOWN
            self._hypervisor.save(machine)
            self._hypervisor.tell(uuid, Change.REMOVED)
        self._hypervisor.act('destroy', task, change)

    def info(self, uuid):
        machine = self._hypervisor.machine(uuid)
        return machine and GuestState(machine.uuid, machine.name, machine.power_state)

    def list(self):
        return [GuestState(machine.uuid, machine.name, machine.power_state)
                for machine in self._hypervisor.machines() if machine.defined]

    def _existing(self, uuid):
        machine = self._hypervisor.machine(uuid)
        if machine is None:
            raise GuestNotFound()
        return machine

    def _stop(self, machine):
        if machine.power_state != states.SHUTDOWN:
            self._hypervisor.switch(machine, states.SHUTDOWN, Change.STOPPED, 'reboot: Power down')
