# SPDX-License-Identifier: Apache-2.0
"""How availability zones look."""

from nova_lite.api.views import times


def zone(name, available, hosts=None):
    """A zone; `hosts`: host -> its services, None where they are not shown."""
    shown = None
    if hosts is not None:
        shown = {host: {service.binary: _service(service) for service in services}
                 for host, services in hosts.items()}
    return {'zoneName': name, 'zoneState': {'available': available}, 'hosts': shown}


def _service(service):
    return {'available': bool(service.up), 'active': not service.disabled,
            'updated_at': times.naive(service.last_seen_up or service.updated_at)}
