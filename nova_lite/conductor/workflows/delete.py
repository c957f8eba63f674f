# SPDX-License-Identifier: Apache-2.0
"""Delete: a server goes, and every host and resource that its journal names is cleaned, whatever was under way."""

from nova_lite import errors, states
from nova_lite.conductor.flow import Closing, Result, Step, Workflow
from nova_lite.db import locations, orders, server_groups
from nova_lite.messages import jobs


def destroy_guests(at):
    """Remove the guest wherever the journal says that it may be; a dead host is left to the orphan reconciler."""
    with at.database.read() as tx:
        hosts = orders.hosts_touched(tx, at.server.uuid)
    left = []
    for host in sorted(hosts | {at.server.host} - {None}):
        try:
            at.job(jobs.DestroyGuest(at.guest_name()), host=host)
        except errors.Unavailable:
            if not at.is_lost(host):
                raise
            left.append(host)
    return Result(value={'left_to_orphans': left} if left else {})


def release_allocations(at):
    """Give back what placement holds for the server."""
    at.world.placement.allocations.delete(at.server.uuid)


def forget_server(at):
    """Give back quota, group membership and location, once."""
    def forget(tx):
        server_groups.remove_member(tx, at.server.uuid)
        locations.remove(tx, at.server.uuid)
    at.world.cells.api.transact(forget)


def succeeded(at):
    now = at.world.clock.now()
    return Closing(server={'vm_state': states.DELETED, 'task_state': None, 'deleted': True, 'deleted_at': now,
                           'terminated_at': now}, forget_guest=True)


workflow = Workflow('delete', (
    Step(destroy_guests),
    Step(release_allocations),
    Step(forget_server),
), succeeded, forward_only=True)
