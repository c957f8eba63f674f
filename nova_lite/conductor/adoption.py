# SPDX-License-Identifier: Apache-2.0
"""Keeps this process's lease, and finds orders that nobody looks after: given back, never woken, or of a dead owner."""

import logging
import uuid

from nova_lite import errors
from nova_lite.db import orders
from nova_lite.service import concurrency

LOG = logging.getLogger(__name__)

# How many orders one search takes: the rest comes with the next.
_BATCH = 200
_FORGET_AFTER = 3600


class Lease:
    """This process's lease in one cell. `owner` changes when a lease was lost: what was ours may be adopted then."""

    def __init__(self, database, host, seconds):
        self._database = database
        self._host = host
        self._seconds = seconds
        self.owner = None
        self._ended = False

    def begin(self):
        """Take a new lease under a new id."""
        owner = f'{self._host}:{uuid.uuid4().hex[:16]}'
        self._database.transact(orders.register_conductor, owner, self._host, self._seconds)
        self.owner = owner

    def renew(self):
        """Prolong the lease; take a new one if it had lapsed. Steps under the old id can write nothing any more."""
        if not self._database.transact(orders.renew, self.owner, self._seconds):
            LOG.warning('The lease of %s has lapsed: other conductors may have adopted its orders', self.owner)
            self.begin()

    def keep(self, interval, beat):
        """Renew every `interval` seconds until `end`; `beat()` after each success. For a thread of its own.

        With green threads it is a native one, so that no busy green thread can make the lease lapse; it must share no
        database connection with them.
        """
        while not self._ended:
            concurrency.native_sleep(interval)
            try:
                if not self._ended:
                    self.renew()
                    beat()
            except errors.Unavailable as error:
                LOG.warning('The lease of %s could not be renewed: %s', self.owner, error)
            except Exception:  # noqa: BLE001  without this thread the conductor would lose every order it takes
                LOG.exception('The lease of %s could not be renewed', self.owner)

    def end(self):
        """Give back every order that is held, and the lease."""
        self._ended = True
        self._database.transact(orders.end_lease, self.owner)


def adopt(database, cell, engine):
    """Wake every order of the cell that is due."""
    with database.read() as tx:
        due = orders.due(tx, _BATCH)
    for order_id in due:
        engine.wake(cell, order_id, due_only=True)
    return len(due)


def tidy(database):
    """Forget conductors that have long been gone."""
    database.transact(orders.forget_conductors, _FORGET_AFTER)
