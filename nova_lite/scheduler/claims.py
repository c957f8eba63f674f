# SPDX-License-Identifier: Apache-2.0
"""Claims: the allocation in placement, then the place in the server group, for an order that is still wanted.

Who loses undoes. A claim is removed only at the consumer generation at which we made it, so that nobody removes what
another try of the same order has taken over meanwhile (`doc/adr/0050`).
"""

from oslo_log import log

from nova_lite import errors
from nova_lite.clients.placement import CONCURRENT_UPDATE
from nova_lite.db import orders, server_groups
from nova_lite.scheduler.filters.server_groups import breach

LOG = log.getLogger(__name__)

# The generation of a consumer that was made by one PUT.
FIRST_GENERATION = 1
_GROUP_TRIES = 20

PLACED = 'placed'
BREACH = 'breach'    # another member was placed meanwhile, and the policy does not allow this host any more
MOVED = 'moved'      # another try of the same order placed the server, or it is no member any more


class Superseded(errors.Conflict):
    """The order is not ours any more, or has gone on: nobody waits for this claim."""

    message = 'The order was superseded.'


class Contended(errors.Unavailable):
    """Others were faster again and again."""

    message = 'Too many claims at once; try again.'


class Claims:
    """Makes, finds and removes claims. `allocations` is the client's `Placement.allocations`."""

    def __init__(self, cells, allocations):
        self._cells = cells
        self._allocations = allocations

    def check_wanted(self, wish):
        """Raise Superseded unless the order and its attempt are still the ones that asked."""
        with self._cells.get(wish.cell).read() as tx:
            current = orders.is_current(tx, wish.order_id, wish.attempt, wish.fence)
        if not current:
            raise Superseded(f'Order {wish.order_id} of server {wish.server_uuid} was superseded.')

    def earlier(self, wish):
        """What the server holds already, from an earlier try whose end nobody knew; None if nothing."""
        held = self._allocations.show(wish.server_uuid)
        return held if held.allocations else None

    def take(self, wish, candidate):
        """Claim a Candidate for a server that holds nothing; the consumer's generation, or None if it is lost.

        Lost: no room any more, or somebody changed the same provider or consumer at this moment.
        """
        amounts = {provider: given.resources for provider, given in candidate.allocations.items()}
        return self._put(wish, amounts, None, candidate.mappings)

    def take_over(self, wish, held):
        """Make an earlier try's claim ours, so that it cannot remove it any more; the new generation, or None."""
        amounts = {provider: given.resources for provider, given in held.allocations.items()}
        return self._put(wish, amounts, held.consumer_generation)

    def remove(self, wish, generation):
        """Remove a claim, if it still is at `generation`. False if it is not: somebody has taken it over."""
        return self._put(wish, {}, generation) is not None

    def settle(self, wish, request, host, generation):
        """Finish a claim in placement: the place in the group, then a last look at the order. True if it holds.

        Else it is undone, and the caller looks for another host. Raises Superseded (undone as well) and Contended.
        """
        outcome = self._place_in_group(wish, request, host)
        if outcome == PLACED:
            try:
                # After every write: whoever supersedes the order later finds all of it.
                self.check_wanted(wish)
            except Superseded:
                self._undo(wish, request, host, generation)
                raise
            return True
        LOG.info('Server %s lost its place on %s: %s', wish.server_uuid, host, outcome)
        if outcome == BREACH:
            self.remove(wish, generation)
        return False

    def _put(self, wish, amounts, generation, mappings=None):
        try:
            self._allocations.put(wish.server_uuid, amounts, project_id=wish.project_id, user_id=wish.user_id,
                                  generation=generation, mappings=mappings)
        except (errors.Conflict, errors.Invalid, errors.NotFound) as error:
            level = LOG.debug if error.details.get('code') == CONCURRENT_UPDATE else LOG.info
            level('Placement refused a claim of server %s: %s', wish.server_uuid, error)
            return None
        return FIRST_GENERATION if generation is None else generation + 1

    def _place_in_group(self, wish, request, host):
        if request.group is None:
            return PLACED
        for _ in range(_GROUP_TRIES):
            outcome = self._cells.api.transact(_swap, wish, request, host)
            if outcome is not None:
                return outcome
        raise Contended()

    def _undo(self, wish, request, host, generation):
        if self.remove(wish, generation) and request.group is not None:
            self._cells.api.transact(server_groups.release, wish.server_uuid, host=host)


def _swap(tx, wish, request, host):
    """One try to place a member: an outcome, or None when the group changed under our hands."""
    server, seen = wish.server_uuid, request.group.members
    try:
        group = server_groups.get(tx, request.group.uuid)
    except server_groups.GroupNotFound:
        # Its policy is gone with it.
        return PLACED
    if group.members.get(server) == host and group.members.get(server) == seen.get(server):
        return PLACED
    if group.members.get(server) not in (seen.get(server), host) or (server in seen and server not in group.members):
        return MOVED
    if not request.forced and breach(group, server, host) is not None:
        return BREACH
    return PLACED if server_groups.claim(tx, group.uuid, group.generation, server, host) else None
