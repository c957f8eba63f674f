# SPDX-License-Identifier: Apache-2.0
"""Hosts, a scheduler and a placement that keep their promises to the conductor, in memory and in virtual time."""

import msgspec

from nova_lite import errors, states
from nova_lite.clients import placement
from nova_lite.messages import hosts as host_messages
from nova_lite.messages import jobs, scheduling


class SimHost:
    """A host: guests, and the jobs contract (fences, joined jobs, kept ends). `latency` in virtual seconds."""

    def __init__(self, name, executor, report, latency=0.0):
        self.name = name
        self.guests = {}
        self.fences = {}
        self.ends = {}
        self.running = {}
        self.latency = latency
        self.alive = True
        self.refuse = None
        self._executor = executor
        self._report = report

    def run_job(self, request):
        if not self.alive:
            raise errors.Unavailable(f'{self.name} does not answer')
        if request.fence < self.fences.get(request.server_uuid, 0):
            return jobs.Status(jobs.REFUSED, message='stale', reason='StaleFence')
        self.fences[request.server_uuid] = request.fence
        name = request.server_uuid, request.key
        if name in self.ends:
            return self.ends[name]
        if name in self.running:
            self.running[name] = request
            return jobs.Status(jobs.RUNNING)
        if not self.latency:
            return self._perform(request)
        self.running[name] = request
        self._executor.call_later(self.latency, self._end, name)
        return jobs.Status(jobs.RUNNING)

    def die(self):
        """The agent is killed; the guests stay."""
        self.alive = False
        self.running.clear()

    def come_back(self):
        self.alive = True

    def _end(self, name):
        request = self.running.pop(name, None)
        if request is None or request.fence < self.fences[request.server_uuid]:
            return
        status = self._perform(request)
        self._tell(request, status)

    def _tell(self, request, status):
        try:
            self._report(jobs.Report(self.name, request.key, request.server_uuid, request.fence, status))
        except errors.Unavailable:
            self._executor.call_later(1.0, self._tell, request, status)

    def _perform(self, request):
        if self.refuse is not None and isinstance(request.work, self.refuse):
            status = jobs.Status(jobs.REFUSED, message='told to refuse', reason='Refused')
        else:
            status = jobs.Status(jobs.DONE, self._work(request.server_uuid, request.work))
        if request.key.order_id and status.state != jobs.REFUSED:
            self.ends[request.server_uuid, request.key] = status
        return status

    def _work(self, uuid, work):
        match work:
            case jobs.DestroyGuest():
                self.guests.pop(uuid, None)
                return {}
            case jobs.PowerOff():
                self.guests[uuid] = states.SHUTDOWN
            case _:
                self.guests[uuid] = states.RUNNING
        return {'power_state': self.guests[uuid]}


class SimComputes:
    """The face of all hosts, as `rpc.compute` shows it."""

    def __init__(self):
        self.hosts = {}

    def run_job(self, host, request):
        data = msgspec.json.encode(request)
        return self.hosts[host].run_job(msgspec.json.decode(data, type=jobs.Request))

    def heard(self, host):
        """Nothing is remembered of silent hosts here."""

    def guests(self, host):
        sim = self.hosts[host]
        if not sim.alive:
            raise errors.Unavailable(f'{host} does not answer')
        return host_messages.GuestsReport(host, 'boot', 1, [
            host_messages.GuestState(uuid, uuid, power) for uuid, power in sim.guests.items()], whole=True)


class SimPlacement:
    """What consumers hold: `held` is consumer -> host. `allocations` is its face, as `clients.placement` shows it.

    `unknown`: uuids of nodes that it has no provider for.
    """

    def __init__(self):
        self.held = {}
        self.unknown = set()

    @property
    def allocations(self):
        return self

    def delete(self, consumer):
        self.held.pop(consumer, None)

    def show(self, consumer):
        return placement.Allocations({self.held[consumer]: {}} if consumer in self.held else {})

    def put(self, consumer, allocations, *, project_id, user_id, generation):
        [provider] = allocations
        self.held[consumer] = provider.removeprefix('uuid-of-')

    def of_provider(self, uuid):
        if uuid in self.unknown:
            raise errors.NotFound(f'No resource provider {uuid}')
        return {consumer: {'VCPU': 1} for consumer, host in self.held.items() if f'uuid-of-{host}' == uuid}


class SimScheduler:
    """Takes the live host with the fewest allocations that is not excluded, and claims it."""

    def __init__(self, placement, computes):
        self._placement = placement
        self._computes = computes

    def select(self, wish):
        held = self._placement.held
        chosen = held.get(wish.server_uuid)
        if chosen in wish.excluded_hosts:
            chosen = None
        if chosen is None:
            names = [name for name, host in self._computes.hosts.items()
                     if host.alive and name not in wish.excluded_hosts]
            if not names:
                stage = scheduling.Removal('placement', len(self._computes.hosts), 0, 'no candidates')
                return scheduling.Selection(None, scheduling.Explanation([stage]))
            chosen = min(names, key=lambda name: (list(held.values()).count(name), name))
            held[wish.server_uuid] = chosen
        return scheduling.Selection(
            scheduling.Destination(chosen, chosen, f'uuid-of-{chosen}', {f'uuid-of-{chosen}': {'VCPU': 1}}),
            scheduling.Explanation(chosen=chosen))
