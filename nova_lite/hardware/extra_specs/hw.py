# SPDX-License-Identifier: Apache-2.0
"""hw: what the guest's machine is like."""

from nova_lite.hardware.extra_specs.kinds import Boolean, Choice, Integer, Text

# CPUs as `0-3,^2`.
_CPUS = Text(r'\^?\d+(-\d+|,\^?\d+)*')

EXACT = {
    'hide_hypervisor_id': Boolean(),
    'hw:boot_menu': Boolean(),
    'hw:cpu_cores': Integer(1),
    'hw:cpu_dedicated_mask': _CPUS,
    'hw:cpu_max_cores': Integer(1),
    'hw:cpu_max_sockets': Integer(1),
    'hw:cpu_max_threads': Integer(1),
    'hw:cpu_policy': Choice('dedicated', 'shared', 'mixed'),
    'hw:cpu_realtime': Boolean(),
    'hw:cpu_realtime_mask': _CPUS,
    'hw:cpu_sockets': Integer(1),
    'hw:cpu_thread_policy': Choice('prefer', 'isolate', 'require'),
    'hw:cpu_threads': Integer(1),
    'hw:emulator_threads_policy': Choice('isolate', 'share'),
    'hw:ephemeral_encryption': Boolean(),
    'hw:ephemeral_encryption_format': Choice('plain', 'luks', 'luksv2'),
    'hw:hide_hypervisor_id': Boolean(),
    'hw:locked_memory': Boolean(),
    'hw:mem_encryption': Boolean(),
    'hw:mem_encryption_model': Choice('amd-sev', 'amd-sev-es', 'amd-sev-snp', 'intel-tdx'),
    'hw:mem_page_size': Text(r'(large|small|any|\d+([kKMGT]i?)?(b|bit|B)?)'),
    'hw:numa_nodes': Integer(1),
    'hw:pci_numa_affinity_policy': Choice('required', 'preferred', 'legacy', 'socket'),
    'hw:pmem': Text(r'[a-zA-Z0-9_]+(,[a-zA-Z0-9_]+)*,?'),
    'hw:pmu': Boolean(),
    'hw:redirected_usb_ports': Integer(0, 15),
    'hw:serial_port_count': Integer(0),
    'hw:sound_model': Choice('sb16', 'es1370', 'pcspk', 'ac97', 'ich6', 'ich9', 'usb', 'virtio'),
    'hw:tpm_model': Choice('tpm-tis', 'tpm-crb'),
    'hw:tpm_secret_security': Choice('user', 'host', 'deployment'),
    'hw:tpm_version': Choice('1.2', '2.0'),
    'hw:usb_model': Choice('none', 'nec-xhci', 'qemu-xhci'),
    'hw:vif_multiqueue_enabled': Boolean(),
    'hw:viommu_model': Choice('intel', 'smmuv3', 'virtio', 'auto'),
    'hw:virtio_packed_ring': Boolean(),
    'hw:watchdog_action': Choice('none', 'pause', 'poweroff', 'reset', 'disabled'),
    'hw_rng:allowed': Boolean(),
    'hw_rng:rate_bytes': Integer(0),
    'hw_rng:rate_period': Integer(0),
    'hw_video:ram_max_mb': Integer(0),
}
PATTERNS = [(r'hw:numa_cpus\.\d+', _CPUS), (r'hw:numa_mem\.\d+', Integer(1))]
