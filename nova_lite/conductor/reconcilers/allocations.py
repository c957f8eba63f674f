# SPDX-License-Identifier: Apache-2.0
"""Allocations that placement holds for servers which are deleted or elsewhere. They are given back.

A consumer that this cell has never known is left alone: it may be somebody else's.
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
                _mend_node(world, database, node, list(held))


def _mend_node(world, database, node, consumers):
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
