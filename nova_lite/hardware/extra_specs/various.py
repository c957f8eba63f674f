# SPDX-License-Identifier: Apache-2.0
"""The small namespaces: accel, aggregate_instance_extra_specs, os, pci_passthrough, vmware."""

from nova_lite.hardware.extra_specs.kinds import Choice, Text

EXACT = {
    'accel:device_profile': Text(),
    'os:secure_boot': Choice('disabled', 'required'),
    'pci_passthrough:alias': Text(r'[^:]+:\d+(\s*,[^:]+:\d+)*'),
    'vmware:hw_version': Text(),
    'vmware:storage_policy': Text(),
}
PATTERNS = [(r'aggregate_instance_extra_specs:.+', Text())]
