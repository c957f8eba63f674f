# SPDX-License-Identifier: Apache-2.0
"""The pretended node: as large as the options say."""

from nova_lite import states
from nova_lite.virt.interfaces import Amount, Facts, Host


class FakeHost(Host):
    """The pretended host's description."""

    def __init__(self, hypervisor, options):
        self._hypervisor = hypervisor
        self._options = options

    def facts(self):
        machines = self._hypervisor.machines()
        disk_gb = sum(machine.disk_gb for machine in machines)
        return Facts(
            node=self._hypervisor.node, hypervisor_type='fake', hypervisor_version=1000,
            vcpus=self._options.vcpus, memory_mb=self._options.memory_mb, local_gb=self._options.local_gb,
            vcpus_used=sum(machine.vcpus for machine in machines),
            memory_mb_used=sum(machine.memory_mb for machine in machines),
            local_gb_used=disk_gb, disk_available_least=self._options.local_gb - disk_gb,
            running_vms=sum(machine.power_state == states.RUNNING for machine in machines),
            cpu_info={'arch': 'x86_64', 'model': 'Nehalem', 'vendor': 'Intel', 'features': ['pge', 'clflush'],
                      'topology': {'cores': 1, 'threads': 1, 'sockets': 4}},
            uptime=None, supported_instances=[['x86_64', 'fake', 'hvm']],
        )

    def inventory(self):
        return {'VCPU': Amount(self._options.vcpus), 'MEMORY_MB': Amount(self._options.memory_mb),
                'DISK_GB': Amount(self._options.local_gb)}

    def traits(self):
        return set()

    def watch(self, callback):
        self._hypervisor.watch(callback)
