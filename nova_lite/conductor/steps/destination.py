# SPDX-License-Identifier: Apache-2.0
"""Where a server goes: the scheduler's choice, claimed, and how a claim is given back."""

import msgspec

from nova_lite import errors
from nova_lite.conductor import flow
from nova_lite.db import server_groups
from nova_lite.messages import guests, scheduling

# How many times `service_down_time` silent hosts are waited for before there is no valid host.
_PATIENCE = 2


class NoValidHost(flow.Final):
    """The scheduler is sure that no host fits. `explanation` says which stage removed which."""

    def __init__(self, message, explanation):
        super().__init__(message)
        self.explanation = explanation


def pick_destination(at):
    """Ask for a host that fits and is claimed. The scheduler gives the same claim to the same attempt again."""
    wish, server = at.input, at.server
    selection = at.world.scheduler.select(scheduling.Wish(
        order_id=at.order.id, attempt=at.attempt, fence=at.order.fence, cell=at.cell, server_uuid=server.uuid,
        project_id=server.project_id, user_id=server.user_id, flavor=msgspec.convert(server.flavor, guests.Flavor),
        image=server.image and msgspec.convert(server.image, guests.Image),
        availability_zone=wish.availability_zone, force_host=wish.force_host, force_node=wish.force_node,
        requested_host=wish.requested_host, requested_node=wish.requested_node, group_uuid=wish.group_uuid,
        scheduler_hints=wish.scheduler_hints, excluded_hosts=at.earlier_hosts('start_guest')))
    chosen = selection.destination
    if chosen is None:
        if selection.silent and at.waited('hosts are silent') < _PATIENCE * at.conf.service_down_time:
            raise errors.Unavailable(f'The hosts that would fit are silent: {_reason(at, selection.explanation)}')
        raise NoValidHost(_reason(at, selection.explanation), selection.explanation)
    return flow.Result(
        value={'host': chosen.host, 'node': chosen.node, 'node_uuid': chosen.node_uuid,
               'allocations': chosen.allocations},
        server={'host': chosen.host, 'node': chosen.node}, explanation=selection.explanation)


def release_claim(at):
    """Give the claim back: placement's allocation and the group's place."""
    at.world.placement.allocations.delete(at.server.uuid)
    if at.input.group_uuid:
        at.world.cells.api.transact(server_groups.release, at.server.uuid)
    return flow.Result(server={'host': None, 'node': None})


def chosen_host(at):
    """The host that `pick_destination` claimed in this attempt."""
    return at.result('pick_destination')['host']


def tried(hosts):
    """What the user is told of earlier attempts: how many, not which hosts."""
    return f'Building failed on {hosts} host{"s" if hosts > 1 else ""}.'


def _reason(at, explanation):
    earlier = at.earlier_hosts('start_guest')
    if earlier:
        return f'No valid host was found. {tried(len(earlier))} No other host is left.'
    if explanation.stages:
        last = explanation.stages[-1]
        if last.after == 0 and last.reason:
            return f'No valid host was found. {last.stage}: {last.reason}'
    return 'No valid host was found. There are not enough hosts available.'
