# SPDX-License-Identifier: Apache-2.0
"""Guests that a host has and should not: their server is deleted, or lives on another host. They are removed.

A guest whose server this cell has never known is left alone and logged: it may be somebody else's.
"""

import logging

from nova_lite import errors
from nova_lite.db import orders, servers
from nova_lite.messages import jobs

LOG = logging.getLogger(__name__)


def mend(world, database, report):
    """Remove the orphans among the guests of a whole report (`messages.hosts.GuestsReport`)."""
    with database.read() as tx:
        known = servers.get_many(tx, [guest.uuid for guest in report.guests])
    for guest in report.guests:
        server = known.get(guest.uuid)
        if server is None:
            LOG.warning('Host %s has guest %s (%s), which no server of this cell ever was: it is left alone',
                        report.host, guest.name, guest.uuid)
        elif server.deleted or server.host != report.host:
            _remove(world, database, server, guest, report.host)


def _remove(world, database, server, guest, host):
    with database.read() as tx:
        if any(order for order in orders.unfinished_of_server(tx, server.uuid)):
            return  # whatever is under way knows of this host, and cleans it
        now = servers.get(tx, server.uuid, deleted=True)
    if not now.deleted and now.host == host:
        return
    LOG.warning('Host %s has guest %s of server %s, which %s: it is removed', host, guest.name, server.uuid,
                'is deleted' if now.deleted else f'lives on {now.host}')
    key = jobs.Key(0, 0, f'orphan-{now.fence}', True)
    try:
        world.computes.run_job(host, jobs.Request(key, server.uuid, now.fence, jobs.DestroyGuest(guest.name)))
    except errors.Error as error:
        LOG.warning('Guest %s on %s could not be removed yet: %s', guest.name, host, error)
