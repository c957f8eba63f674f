# SPDX-License-Identifier: Apache-2.0
"""How hypervisors look: nodes (rows of `db.hosts`) with what they told of themselves."""

import msgspec

from nova_lite.api import microversions
from nova_lite.hardware.guest_names import guest_name

_COUNTED = ('vcpus', 'memory_mb', 'local_gb', 'vcpus_used', 'memory_mb_used', 'local_gb_used', 'running_vms')


def brief(req, node):
    """A hypervisor in the short list."""
    return {
        'id': node.uuid if req.version >= microversions.SERVICE_UUIDS else node.id,
        'hypervisor_hostname': node.node,
        'state': 'up' if node.up else 'down',
        'status': 'disabled' if node.disabled else 'enabled',
    }


def whole(req, node):
    """A hypervisor with everything."""
    facts = node.facts
    found = brief(req, node) | {
        'hypervisor_type': facts['hypervisor_type'],
        'hypervisor_version': facts['hypervisor_version'],
        'host_ip': facts['host_ip'],
        'service': {
            'id': node.service_uuid if req.version >= microversions.SERVICE_UUIDS else node.service_id,
            'host': node.host,
            'disabled_reason': node.disabled_reason,
        },
    }
    if req.version >= microversions.HYPERVISOR_RESOURCES_GONE:
        found['uptime'] = facts.get('uptime')
        return found
    found |= sums([node])
    found['disk_available_least'] = facts.get('disk_available_least')
    cpu_info = facts.get('cpu_info') or {}
    if req.version < microversions.HYPERVISOR_CPU_INFO_OBJECT:
        cpu_info = msgspec.json.encode(cpu_info).decode()
    found['cpu_info'] = cpu_info
    return found


def with_servers(req, found, servers):
    """Add the servers of its host to a view of a hypervisor; before 2.75 only if there are any."""
    if servers or req.version >= microversions.STRICT_QUERIES:
        template = req.conf.instance_name_template
        found['servers'] = [{'name': guest_name(template, server), 'uuid': server.uuid}
                            for server in servers]
    return found


def statistics(nodes):
    """Sums over hypervisors."""
    return {'hypervisor_statistics': sums(nodes) | {
        'count': len(nodes),
        'disk_available_least': sum(node.facts.get('disk_available_least') or 0 for node in nodes),
    }}


def sums(nodes):
    """What is counted of hypervisors, added up."""
    found = {name: sum(node.facts.get(name, 0) for node in nodes) for name in _COUNTED}
    found['free_ram_mb'] = found['memory_mb'] - found['memory_mb_used']
    found['free_disk_gb'] = found['local_gb'] - found['local_gb_used']
    found['current_workload'] = 0
    return found
