# SPDX-License-Identifier: Apache-2.0
"""HostState: what is known of a candidate at the moment of a decision, and how it is read. Frozen once made.

Two short read transactions, one in each database; nothing is asked of placement or a host here. What is free is
what placement holds, not what hosts report: every claim counts there at once (`doc/adr/0051`).
"""

import datetime

import msgspec

from nova_lite.db import aggregates, hosts, server_groups
from nova_lite.db.aggregates import Aggregate
from nova_lite.scheduler.request import Request, hinted_servers

# A host that failed is given another chance after this long.
_FAILURES_COUNT = datetime.timedelta(days=1)


class HostState(msgspec.Struct, frozen=True):
    """One node that could take the server. Memory in MiB, disk in GiB; `up` and the like are its nova-compute's.

    `allocations` is placement's proposal: a list of allocation requests, all of this node, best first. `servers` and
    `io_ops` (servers being built, resized or copied) are counted only when a filter or weigher `counts` them, and so
    are `build_failures` (of the last day, since the last build that went well).
    """

    host: str
    node: str
    uuid: str
    facts: dict = {}
    up: bool = True
    disabled: bool | None = False
    forced_down: bool | None = False
    zone: str = ''
    aggregates: tuple[Aggregate, ...] = ()
    free_vcpus: float = 0
    free_ram_mb: float = 0
    free_disk_gb: float = 0
    servers: int = 0
    io_ops: int = 0
    build_failures: int = 0
    allocations: list = []

    def values_of(self, key):
        """Every value that the host's aggregates give the metadata key `key`; commas separate several."""
        found = set()
        for aggregate in self.aggregates:
            if key in aggregate.metadata:
                found.update(value.strip() for value in aggregate.metadata[key].split(','))
        return found

    def attribute(self, name):
        """What Nova's filters call `name` of a host; None if there is no such thing."""
        if name in _ATTRIBUTES:
            return _ATTRIBUTES[name](self)
        return self.facts.get(name)


_ATTRIBUTES = {
    'host': lambda state: state.host,
    'nodename': lambda state: state.node,
    'hypervisor_hostname': lambda state: state.node,
    'uuid': lambda state: state.uuid,
    'free_ram_mb': lambda state: state.free_ram_mb,
    'free_disk_mb': lambda state: state.free_disk_gb * 1024,
    'disk_mb_used': lambda state: state.facts.get('local_gb_used', 0) * 1024,
    'total_usable_ram_mb': lambda state: state.facts.get('memory_mb'),
    'total_usable_disk_gb': lambda state: state.facts.get('local_gb'),
    'vcpus_total': lambda state: state.facts.get('vcpus'),
    'num_instances': lambda state: state.servers,
    'num_io_ops': lambda state: state.io_ops,
}


class Reader:
    """Reads snapshots. `counts`: what filters and weighers need counted, `servers`, `io_ops`, `build_failures`."""

    def __init__(self, conf, cells, clock, counts=frozenset()):
        self._conf = conf
        self._clock = clock
        self._cells = cells
        self._counts = counts

    def request(self, wish):
        """The Request of a wish. A group that was deleted meanwhile took its policy with it."""
        with self._cells.api.read() as tx:
            group = _group(tx, wish.group_uuid)
            known = tuple(aggregates.list(tx, with_hosts=False))
        only, node = _places(wish, group)
        named = {uuid for hint in ('same_host', 'different_host')
                 for uuid in hinted_servers(wish.scheduler_hints, hint)}
        nodes, hinted = None, {}
        if named or only is not None or node:
            with self._cells.get(wish.cell).read() as tx:
                hinted = hosts.of_servers(tx, named) if named else {}
                if only is not None or node:
                    nodes = tuple(hosts.uuids_of(tx, hosts=only, node=node))
        return Request(wish=wish, group=group, aggregates=known, hinted=hinted, nodes=nodes)

    def hosts(self, request, proposals):
        """node uuid -> HostState of each node in `proposals` that the cell knows.

        `proposals`: node uuid -> (allocation requests, what is free by resource class).
        """
        with self._cells.get(request.wish.cell).read() as tx:
            rows = hosts.list_for_choice(tx, list(proposals), down_after=self._conf.service_down_time)
            names = [row.host for row in rows]
            servers = hosts.count_servers(tx, names) if 'servers' in self._counts else {}
            io_ops = hosts.count_io_ops(tx) if 'io_ops' in self._counts else {}
            failures = hosts.count_build_failures(
                tx, names, self._clock.now() - _FAILURES_COUNT) if 'build_failures' in self._counts else {}
        member_of = self._member_of(request, names)
        states = {}
        for row in rows:
            requests, free = proposals[row.uuid]
            mine = member_of.get(row.host, ())
            states[row.uuid] = HostState(
                row.host, row.node, row.uuid, row.facts, row.up, row.disabled, row.forced_down,
                self._zone(mine), mine, free.get('VCPU', 0), free.get('MEMORY_MB', 0), free.get('DISK_GB', 0),
                servers.get(row.host, 0), io_ops.get(row.host, 0), failures.get(row.host, 0), requests)
        return states

    def node(self, wish, uuids):
        """The first node among `uuids` that the cell knows, as a row of `db.hosts`; None if there is none."""
        with self._cells.get(wish.cell).read() as tx:
            rows = hosts.list_for_choice(tx, list(uuids), down_after=self._conf.service_down_time)
        return rows[0] if rows else None

    def _member_of(self, request, names):
        """host -> its aggregates."""
        if not request.aggregates:
            return {}
        with self._cells.api.read() as tx:
            ids = aggregates.ids_of_hosts(tx, names)
        known = {each.id: each for each in request.aggregates}
        return {host: tuple(known[id] for id in several if id in known) for host, several in ids.items()}

    def _zone(self, member_of):
        return next((each.zone for each in member_of if each.zone), self._conf.default_availability_zone)


def _places(wish, group):
    """(hosts or None, node or None) that alone come into question: what was asked for, and where the group is."""
    host, node = wish.force_host or wish.requested_host, wish.force_node or wish.requested_node
    only = {host} if host else None
    forced = wish.force_host or wish.force_node
    if group is not None and group.policy == 'affinity' and not forced:
        placed = set(group.hosts_of_others(wish.server_uuid))
        if placed:
            only = placed if only is None else placed & only
    return only, node


def _group(tx, uuid):
    try:
        return server_groups.get(tx, uuid) if uuid else None
    except server_groups.GroupNotFound:
        return None
