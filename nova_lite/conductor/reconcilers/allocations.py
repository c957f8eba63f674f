# SPDX-License-Identifier: Apache-2.0
"""Allocations that placement holds for servers that are deleted or elsewhere are given back; lost ones taken again.

A DELETE that a stalled conductor sends late can take what was claimed meanwhile: the journal knows what that was. A
consumer that this cell has never known is left alone: it may be somebody else's.
"""

import logging

from nova_lite import errors
from nova_lite.db import hosts, orders, servers

LOG = logging.getLogger(__name__)


def mend(world):
    """Look once at what placement holds on every node of every cell."""
    for _, database in world.cells.items():
        with database.read() as tx:
            nodes = hosts.list(tx, down_after=world.conf.service_down_time)
        for node in nodes:
            try:
                held = world.placement.allocations.of_provider(node.uuid)
            except errors.NotFound as error:
                LOG.info('Placement does not know node %s of host %s (yet): %s', node.uuid, node.host, error)
                continue
            if held:
                _give_back(world, database, node, list(held))
            _take_again(world, database, node, held)


def _give_back(world, database, node, consumers):
    with database.read() as tx:
        known = servers.get_many(tx, consumers)
    for uuid in consumers:
        server = known.get(uuid)
        if server is None or (not server.deleted and server.host == node.host):
            continue
        with database.read() as tx:
            busy = orders.unfinished_of_server(tx, uuid)
            now = servers.get(tx, uuid, deleted=True)
        if busy or (not now.deleted and now.host == node.host):
            continue
        LOG.warning('Placement holds resources on %s for server %s, which %s: given back', node.host, uuid,
                    'is deleted' if now.deleted else f'is on {now.host}')
        world.placement.allocations.delete(uuid)


def _take_again(world, database, node, held):
    with database.read() as tx:
        placed = servers.of_host(tx, node.host)
    for uuid, server in placed.items():
        if uuid in held or server.node != node.node or server.task_state is not None or server.launched_at is None:
            continue
        if world.placement.allocations.show(uuid).allocations:
            continue
        with database.read() as tx:
            busy = orders.unfinished_of_server(tx, uuid)
            now = servers.get(tx, uuid, deleted=True)
            claim = orders.last_result(tx, uuid, 'pick_destination')
        if busy or now.deleted or now.host != node.host or not claim or claim['host'] != node.host:
            continue
        LOG.warning('Placement holds nothing on %s for server %s, which is there: taken again', node.host, uuid)
        try:
            world.placement.allocations.put(uuid, claim['allocations'], project_id=server.project_id,
                                            user_id=server.user_id, generation=None)
        except errors.Conflict as error:
            LOG.error('Server %s runs on %s without an allocation, and there is no room for one: %s', uuid, node.host,
                      error)
