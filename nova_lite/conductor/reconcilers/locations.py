# SPDX-License-Identifier: Apache-2.0
"""Locations still `creating`: a crash came between the api database and the cell. Confirmed or removed."""

import datetime
import logging

from nova_lite import errors
from nova_lite.db import locations, server_groups, servers

LOG = logging.getLogger(__name__)

# A create takes 30 s at most between its two transactions; the rest is for clocks that differ between machines.
_GRACE = datetime.timedelta(seconds=300)


def mend(world):
    """Look at every unconfirmed location once."""
    with world.cells.api.read() as tx:
        rows = locations.unconfirmed(tx, world.clock.now() - _GRACE)
    for row in rows:
        try:
            database = world.cells.get(row.cell)
            with database.read() as tx:
                there = servers.get(tx, row.server_uuid) is not None
        except errors.Unavailable as error:
            LOG.info('Whether cell %r has server %s is asked again later: %s', row.cell, row.server_uuid, error)
            continue
        if there:
            world.cells.api.transact(locations.confirm, [row.server_uuid])
        else:
            world.cells.api.transact(_remove, row.server_uuid)
            LOG.warning('Server %s was never written to its cell: its quota is given back', row.server_uuid)


def _remove(tx, server_uuid):
    server_groups.remove_member(tx, server_uuid)
    locations.remove(tx, server_uuid)
