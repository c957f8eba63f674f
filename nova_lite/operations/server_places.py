# SPDX-License-Identifier: Apache-2.0
"""Where new servers may be born: availability zones, hosts that are asked for by name, and the cell.

Reads no more than the request makes necessary: a cloud has thousands of hosts.
"""

from nova_lite import errors
from nova_lite.db import aggregates, hosts, services


class NoSuchPlace(errors.Invalid):
    """The zone, host or node that is asked for does not exist, or has no service that is enabled."""


def choose(conf, cells, *, zone, force_host, force_node, requested_host, requested_node):
    """(cell of a new server, zone it keeps). By host, then zone, then free memory.

    A host that is forced wins over a zone it is not in: then no zone is kept. Raises NoSuchPlace, and Unavailable when
    no cell answers.
    """
    names = cells.names()
    zones = _Zones(conf, cells) if zone is not None else None
    if zone is not None and force_host is not None and zones.of(force_host) != zone:
        zone = None
    fitting = names
    if zone is not None and force_host is None:
        fitting = _of_cells(cells, names, lambda tx: zones.has_host(tx, zone))
        if not fitting:
            raise NoSuchPlace('The requested availability zone is not available')
    host, node = force_host or requested_host, force_node or requested_node
    if host or node:
        fitting = _of_cells(cells, names, lambda tx: _has(tx, conf, host, node))
        if not fitting and (requested_host or requested_node):
            raise NoSuchPlace(f'Compute host {requested_host or requested_node} could not be found.')
    return _roomiest(conf, cells, fitting or names), zone


class _Zones:
    """Which host is in which zone, read once."""

    def __init__(self, conf, cells):
        self._conf = conf
        with cells.api.read() as tx:
            self._by_host = aggregates.zones_of_hosts(tx)

    def of(self, host):
        return self._by_host.get(host, self._conf.default_availability_zone)

    def has_host(self, tx, zone):
        """Whether an enabled compute service of the cell is in the zone."""
        enabled = services.list(tx, down_after=self._conf.service_down_time, binary='nova-compute', disabled=False)
        return any(self.of(service.host) == zone for service in enabled)


def _has(tx, conf, host, node):
    found = hosts.list(tx, down_after=conf.service_down_time, host=host)
    return any(node in (None, each.node) for each in found)


def _of_cells(cells, names, test):
    """The names of the cells that answer and pass `test(tx)`. Raises Unavailable when none answers."""
    found, unavailable, answered = [], None, False
    for name in names:
        try:
            with cells.get(name).read() as tx:
                if test(tx):
                    found.append(name)
            answered = True
        except errors.Unavailable as error:
            unavailable = error
    if not answered:
        raise unavailable
    return found


def _roomiest(conf, cells, names):
    """The cell with the most free memory; the first one when there is no choice, or none answers."""
    if len(names) == 1:
        return names[0]
    free = {}
    for name in names:
        try:
            with cells.get(name).read() as tx:
                nodes = hosts.list(tx, down_after=conf.service_down_time)
        except errors.Unavailable:
            continue
        free[name] = sum(node.facts['memory_mb'] - node.facts['memory_mb_used'] for node in nodes if node.up)
    return max(free, key=free.get, default=names[0])
