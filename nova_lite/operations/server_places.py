# SPDX-License-Identifier: Apache-2.0
"""Where new servers may be born: availability zones, hosts that are asked for by name, and the cell."""

import dataclasses

from nova_lite import errors
from nova_lite.db import aggregates, hosts, services


class NoSuchPlace(errors.Invalid):
    """The zone, host or node that is asked for does not exist, or has no service that is enabled."""


@dataclasses.dataclass(frozen=True)
class Places:
    """What there is: cell -> its nodes, cell -> the hosts of its enabled compute services, host -> zone."""

    nodes: dict
    enabled: dict
    zones: dict
    default_zone: str

    def zone_of(self, host):
        return self.zones.get(host, self.default_zone)


def read(conf, cells):
    """The Places of the cells that answer. Raises Unavailable when none does."""
    nodes, enabled, unavailable = {}, {}, None
    down_after = conf.service_down_time
    with cells.api.read() as tx:
        zones = aggregates.zones_of_hosts(tx)
    for name in cells.names():
        try:
            with cells.get(name).read() as tx:
                found = services.list(tx, down_after=down_after, binary='nova-compute', disabled=False)
                nodes[name] = hosts.list(tx, down_after=down_after)
                enabled[name] = [service.host for service in found]
        except errors.Unavailable as error:
            unavailable = error
    if not nodes:
        raise unavailable
    return Places(nodes, enabled, zones, conf.default_availability_zone)


def zone_beside_host(places, zone, host):
    """The zone to keep when `zone:host` was asked for: None where the host is not in it, as the host wins."""
    if zone is None or host is None:
        return zone
    return zone if places.zone_of(host) == zone else None


def choose_cell(places, *, zone, force_host, force_node, requested_host, requested_node):
    """The cell for a new server: by host, then zone, then free memory. Raises NoSuchPlace."""
    if zone is not None and force_host is None:
        if not any(places.zone_of(host) == zone for up in places.enabled.values() for host in up):
            raise NoSuchPlace('The requested availability zone is not available')
    if requested_host is not None or requested_node is not None:
        if not any(_is(node, requested_host, requested_node) for nodes in places.nodes.values() for node in nodes):
            raise NoSuchPlace(f'Compute host {requested_host or requested_node} could not be found.')
    names = list(places.nodes)
    host, node = force_host or requested_host, force_node or requested_node
    if host or node:
        fitting = [name for name in names if any(_is(each, host, node) for each in places.nodes[name])]
    else:
        fitting = [name for name in names
                   if any(zone in (None, places.zone_of(each)) for each in places.enabled[name])]
    return max(fitting or names, key=lambda name: _free_memory(places.nodes[name]))


def _is(each, host, node):
    return host in (None, each.host) and node in (None, each.node)


def _free_memory(nodes):
    return sum(node.facts['memory_mb'] - node.facts['memory_mb_used'] for node in nodes if node.up)
