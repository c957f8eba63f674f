# SPDX-License-Identifier: Apache-2.0
"""What a step is given: its order, its server, what earlier steps found, and the world's faces. Kept narrow."""

import functools

import msgspec

from nova_lite import errors
from nova_lite.conductor import flow
from nova_lite.db import aggregates, orders, servers, services
from nova_lite.hardware.guest_names import guest_name
from nova_lite.messages import guests, jobs
from nova_lite.operations import catalog


class At:
    """One run of one step of one order. `world` is the conductor's `World`, `held` the order in its hands."""

    def __init__(self, world, held, entry):
        self.world = world
        self.conf = world.conf
        self._held = held
        self._entry = entry

    @property
    def order(self):
        return self._held.order

    @property
    def server(self):
        return self._held.server

    @property
    def host(self):
        """The host that this step acts on."""
        return self._entry.host

    @property
    def attempt(self):
        return self._entry.attempt

    @functools.cached_property
    def input(self):
        """The operation's typed input."""
        return msgspec.convert(self.order.input, catalog.OPERATIONS[self.order.operation].input)

    @property
    def database(self):
        """The server's cell."""
        return self._held.database

    @property
    def cell(self):
        return self._held.cell

    def result(self, step, attempt=None):
        """What `step` found, in this attempt or the one given; None when it has not."""
        attempt = self._entry.attempt if attempt is None else attempt
        for entry in reversed(self._held.entries):
            if entry.step == step and not entry.undoing and entry.state == orders.STEP_DONE:
                if entry.attempt in (attempt, 1):
                    return entry.result
        return None

    def earlier_hosts(self, step):
        """Hosts on which earlier attempts ran `step`."""
        return [entry.host for entry in self._held.entries
                if entry.step == step and not entry.undoing and entry.attempt < self._entry.attempt and entry.host]

    def job(self, work, host=None):
        """Let a host do `work`; the result it reports.

        Raises Waiting while it works, its refusal, or Unavailable when the outcome is not known.
        """
        host = host or self.host
        status = self._reported(host) or self._asked(work, host)
        if status.state == jobs.DONE:
            return status.result
        if status.state == jobs.RUNNING:
            raise flow.Waiting()
        if status.state == jobs.REFUSED and status.reason != 'StaleFence':
            raise JobRefused(status.message or f'{host} refused', reason=status.reason, host=host)
        raise errors.Unavailable(status.message or f'{host} could not tell the outcome')

    def waited(self, what):
        """Seconds since this step first asked so of `what`: kept in the journal while its outcome is unknown."""
        now = self.world.clock.now().timestamp()
        notes = self._entry.result or {}
        since = notes.get('since', {}).get(what)
        if since is None:
            self._entry.result = {**notes, 'since': {**notes.get('since', {}), what: now}}
            return 0.0
        return now - since

    def is_lost(self, host):
        """Whether the host's nova-compute is gone for what this step can tell: forced down, removed, or silent.

        Hosts are silent, too, while the message bus is away: so a silence counts when it is long, or has lasted for
        `service_down_time` since the step was first told of it.
        """
        patience = self.conf.service_down_time
        row = self._compute_service(host, patience)
        if row is None or row.forced_down:
            return True
        if row.up:
            return False
        return not self._compute_service(host, 5 * patience).up or self.waited(f'{host} is silent') >= patience

    def _compute_service(self, host, down_after):
        with self.database.read() as tx:
            return services.get_by_host(tx, host, 'nova-compute', down_after=down_after)

    def guest(self):
        """Everything a host must know of the server's guest."""
        server = self.server
        with self.database.read() as tx:
            metadata = servers.metadata(tx, [server.uuid])[server.uuid]
        with self.world.cells.api.read() as tx:
            zones = aggregates.zones_of_hosts(tx, [self.host])
        return guests.Guest(
            uuid=server.uuid, name=self.guest_name(), hostname=server.hostname, display_name=server.display_name,
            project_id=server.project_id, user_id=server.user_id,
            flavor=msgspec.convert(server.flavor, guests.Flavor),
            image=server.image and msgspec.convert(server.image, guests.Image), metadata=metadata,
            key_name=server.key_name, public_key=server.public_key, user_data=server.user_data,
            config_drive=server.config_drive,
            availability_zone=zones.get(self.host, self.conf.default_availability_zone),
            launch_index=server.launch_index, root_device_name=server.root_device_name,
            reservation_id=server.reservation_id, created_at=server.created_at.isoformat())

    def guest_name(self):
        """The guest's name on its host (`instance_name_template`)."""
        return guest_name(self.conf.instance_name_template, self.server)

    def _reported(self, host):
        notes = self._entry.result or {}
        reports = notes.get('reports', {})
        if host not in reports:
            return None
        status = msgspec.convert(reports[host], jobs.Status)
        if status.state == jobs.BROKEN:
            self._entry.result = {
                **notes, 'reports': {other: kept for other, kept in reports.items() if other != host}}
        return status

    def _asked(self, work, host):
        if self._entry.tries:
            service = self._compute_service(host, self.conf.service_down_time)
            if service is None or not service.up:
                raise errors.Unavailable(f'nova-compute on {host} is down')
        key = jobs.Key(self.order.id, self._entry.attempt, self._entry.step, self._entry.undoing, self.cell)
        # A token goes no further than it is needed: the other kinds of work ask no service for anything.
        secrets = self.world.vault.open(self.order.secrets) if isinstance(work, jobs.StartGuest) else {}
        request = jobs.Request(key, self.order.server_uuid, self.order.fence, work, secrets=secrets)
        return self.world.computes.run_job(host, request)


class JobRefused(errors.Conflict):
    """A host is sure that it cannot be done. `details`: reason (the kind of error), host."""
