# SPDX-License-Identifier: Apache-2.0
"""capabilities: what the ComputeCapabilities filter compares with the state of hosts."""

from nova_lite.hardware.extra_specs.kinds import Text

EXACT = {f'capabilities:{name}': Text() for name in (
    'aggregates', 'cell_uuid', 'cpu_allocation_ratio', 'current_workload', 'disk_allocation_ratio',
    'disk_available_least', 'disk_mb_used', 'failed_builds', 'free_disk_gb', 'free_disk_mb', 'free_ram_mb', 'host',
    'host_ip', 'hypervisor_hostname', 'hypervisor_type', 'hypervisor_version', 'id', 'local_gb', 'local_gb_used',
    'mapped', 'memory_mb', 'memory_mb_used', 'num_instances', 'num_io_ops', 'ram_allocation_ratio', 'running_vms',
    'service_id', 'total_usable_disk_gb', 'total_usable_ram_mb', 'updated', 'uuid', 'vcpus', 'vcpus_total',
    'vcpus_used')}

# These have an inside, which may be named: `capabilities:cpu_info:features`.
PATTERNS = [(r'capabilities:(cpu_info|instances|limits|metrics|nodename|numa_topology|pci_device_pools|pci_stats|stats'
             r'|supported_hv_specs|supported_instances)(:\w+)*', Text())]
