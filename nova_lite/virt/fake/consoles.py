# SPDX-License-Identifier: Apache-2.0
"""What pretended guests print."""

from nova_lite.virt.interfaces import Consoles, GuestNotFound


class FakeConsoles(Consoles):
    """Consoles of the pretended hypervisor."""

    def __init__(self, hypervisor):
        self._hypervisor = hypervisor

    def log(self, uuid, length):
        machine = self._hypervisor.machine(uuid)
        if machine is None:
            raise GuestNotFound()
        lines = machine.console if length is None else machine.console[-length:] if length else []
        return ''.join(line + '\n' for line in lines)
