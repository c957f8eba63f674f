# SPDX-License-Identifier: Apache-2.0
"""Idle servers follow what their guests do by themselves: one that halts shows as stopped. As Nova's power sync does.

A report may be late, so a difference is measured again at the host before anything follows from it.
"""

import logging

from nova_lite import errors, states
from nova_lite.db import guests, servers
from nova_lite.messages import jobs

LOG = logging.getLogger(__name__)

_OFF = (states.SHUTDOWN, states.CRASHED)
_RUNS = (states.ACTIVE, states.PAUSED, states.SUSPENDED)


def take_report(world, database, report):
    """Note the power states a host reports (`messages.hosts.GuestsReport`), and let idle servers follow."""
    differing = _record(world, database, report)
    if differing:
        try:
            fresh = world.computes.guests(report.host)
        except errors.Unavailable as error:
            LOG.info('The power states of %s are compared again with its next report: %s', report.host, error)
            return
        now_said = {guest.uuid: guest for guest in fresh.guests}
        for server in differing:
            guest = now_said.get(server.uuid)
            if guest is not None:
                # The report may have been the late one: what is shown must not be older than what was just seen.
                database.transact(guests.record, server.uuid, report.host, guest.power_state, world.clock.now(),
                                  boot_id=fresh.boot_id, sequence=fresh.sequence)
            _follow(world, database, server, report.host, guest)


def _record(world, database, report):
    """Write what changed; the idle servers that do not agree with their guest."""
    now = world.clock.now()
    said = {guest.uuid: guest.power_state for guest in report.guests}
    concerned = None if report.whole else list(said)
    with database.read() as tx:
        known = servers.states_of_host(tx, report.host, concerned)
        before = guests.of_host(tx, report.host, concerned)
    for uuid, power_state in said.items():
        row = before.get(uuid)
        if uuid in known and (row is None or row.power_state != power_state):
            database.transact(guests.record, uuid, report.host, power_state, now, boot_id=report.boot_id,
                              sequence=report.sequence)
    return [server for uuid, server in known.items()
            if server.task_state is None and (uuid in said or (report.whole and uuid in before))
            and _differs(server.vm_state, said.get(uuid, states.NOSTATE))]


def _differs(vm_state, power_state):
    if vm_state in _RUNS:
        return power_state in (*_OFF, states.NOSTATE)
    return vm_state == states.STOPPED and power_state == states.RUNNING


def _follow(world, database, server, host, guest):
    power_state = guest.power_state if guest else states.NOSTATE
    if not _differs(server.vm_state, power_state):
        return
    if server.vm_state == states.STOPPED:
        LOG.warning('Server %s is stopped, but its guest runs on %s: its power is cut', server.uuid, host)
        key = jobs.Key(0, 0, f'power-sync-{server.fence}', False)
        try:
            world.computes.run_job(
                host, jobs.Request(key, server.uuid, server.fence, jobs.PowerOff(guest.name, timeout=0)))
        except errors.Error as error:
            LOG.warning('Guest %s on %s could not be stopped yet: %s', guest.name, host, error)
        return
    now = world.clock.now()

    def stop(tx):
        guests.record(tx, server.uuid, host, power_state, now)
        return servers.swap_idle(tx, server.uuid, server.vm_state, now, fence=server.fence, vm_state=states.STOPPED)

    if database.transact(stop):
        LOG.warning('Server %s: its guest is %s on %s, so it is stopped now', server.uuid,
                    states.POWER_STATE_NAMES[power_state], host)
