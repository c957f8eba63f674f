# SPDX-License-Identifier: Apache-2.0
"""An order in this conductor's hands: its journal, and the commits by which it goes on.

Each commit is one transaction, conditional on owner and fence; the end of a step and the start of the next are one.
Raises `Lost` when the order is not ours any more: whoever holds it then must do nothing more for it.
"""

import dataclasses

import msgspec

from nova_lite.db import guests, orders, servers

PARKED = 'parked'
LATE = 'late'
NEWS = 'news'

_LONGEST_MESSAGE = 4000


class Lost(Exception):
    """Another conductor has adopted the order, or another order has superseded it."""


@dataclasses.dataclass
class Entry:
    """One row of the journal, as this conductor knows it. `seen` is the result as it was read."""

    id: int
    attempt: int
    step: str
    undoing: bool
    state: str
    host: str | None = None
    result: dict | None = None
    message: str | None = None
    tries: int = 0
    seen: dict | None = None


class Held:
    """One order that this conductor owns. Made by `take`."""

    def __init__(self, database, cell, order, server, entries, clock):
        self.database = database
        self.cell = cell
        self.order = order
        self.server = server
        self.entries = entries
        self._clock = clock
        self._unwritten = None

    def end_step(self, entry, state, *, result=None, message=None, server=None, explanation=None):
        """Note a step's end; it is written with whatever comes next."""
        entry.state, entry.result, entry.message = state, result, message
        self._unwritten = (entry, server or {}, explanation)

    def start_step(self, step, attempt, undoing, *, host, deadline, version, skipped=False):
        """Journal that a step of the workflow's `version` begins (or is skipped), with the end of the one before.

        Returns its Entry.
        """
        now = self._clock.now()
        state = orders.SKIPPED if skipped else orders.STARTED
        shows = (self._unwritten[1] if self._unwritten else {}).get('task_state', self.server.task_state)
        changes = step.task_state not in (None, shows) and not undoing and not skipped
        server = {'task_state': step.task_state} if changes else {}

        def commit(tx):
            self._write(tx, now, server, state=orders.OPEN, undoing=undoing, version=version)
            return orders.insert_step(
                tx, deadline_after=deadline, order_id=self.order.id, attempt=attempt, step=step.name,
                undoing=undoing, state=state, host=host, started_at=now, finished_at=now if skipped else None)

        number = self.database.transact(commit)
        self._wrote(server)
        entry = Entry(number, attempt, step.name, undoing, state, host)
        self.entries.append(entry)
        return entry

    def park(self, entry, state, delay, message, patience=None):
        """Give the order back until somebody looks at it again in `delay` seconds.

        With `patience` the step's deadline begins anew: that many seconds from now.
        Returns PARKED; LATE when the step is out of time; NEWS when a host's report came meanwhile, which is in
        `entry` then. In the last two cases the order is still held.
        """
        now = self._clock.now()

        def commit(tx):
            self._write(tx, now, {}, state=orders.OPEN, owner=None, wake_at=orders.wake_after(delay))
            row = orders.step_now(tx, entry.id)
            if row.state == orders.REPORTED and row.result != entry.seen:
                raise _Kept(NEWS, row)
            if row.late and patience is None:
                raise _Kept(LATE, row)
            renewed = {} if patience is None else {'deadline': orders.wake_after(patience)}
            orders.update_step(tx, entry.id, state=state, tries=entry.tries + 1, result=entry.result,
                               message=message and message[:_LONGEST_MESSAGE], **renewed)

        try:
            self.database.transact(commit)
        except _Kept as kept:
            if kept.why is NEWS:
                entry.state, entry.result, entry.seen = kept.row.state, kept.row.result, kept.row.result
            return kept.why
        return PARKED

    def park_stuck(self, entry, delay, message):
        """Give the order back as stuck: an undo was refused or is out of time."""
        now = self._clock.now()

        def commit(tx):
            self._write(tx, now, {}, state=orders.STUCK, owner=None, wake_at=orders.wake_after(delay))
            orders.update_step(tx, entry.id, state=orders.STARTED, tries=entry.tries + 1, result=None,
                               message=message and message[:_LONGEST_MESSAGE])

        self.database.transact(commit)

    def raise_fence(self):
        """From here on hosts obey nothing that was sent for this order before."""
        def commit(tx):
            self._write(tx, self._clock.now(), {})
            fence = orders.raise_fence(tx, self.order.server_uuid)
            orders.write(tx, self.order, fence=fence)
            return orders.get(tx, self.order.id)

        self.order = self.database.transact(commit)
        self._wrote({})

    def close(self, state, closing, *, message=None, fault=None):
        """End the order and leave the server as `closing` says; `fault` is given to `servers.set_fault`."""
        now = self._clock.now()
        uuid = self.order.server_uuid

        def commit(tx):
            self._write(tx, now, closing.server, state=state, open_key=None, owner=None, wake_at=None, secrets=None,
                        message=message and message[:255], finished_at=now)
            if fault is not None:
                servers.set_fault(tx, uuid, now=now, **fault)
            if closing.forget_guest:
                guests.forget(tx, uuid)
            elif closing.power_state is not None:
                host = closing.server.get('host', self.server.host)
                guests.record(tx, uuid, host, closing.power_state, now)

        self.database.transact(commit)

    def _write(self, tx, now, server, **values):
        ended, changes, explanation = self._unwritten or (None, {}, None)
        if explanation is not None:
            values['explanation'] = msgspec.to_builtins(explanation)
        if not orders.write(tx, self.order, updated_at=now, **values):
            raise Lost(f'Order {self.order.id} is not ours any more')
        if ended is not None:
            orders.update_step(tx, ended.id, state=ended.state, result=ended.result,
                               message=ended.message and ended.message[:_LONGEST_MESSAGE], finished_at=now)
        changes = {**changes, **server}
        if changes:
            servers.update(tx, self.order.server_uuid, updated_at=now, **changes)

    def _wrote(self, server):
        changes = {**(self._unwritten[1] if self._unwritten else {}), **server}
        self._unwritten = None
        if changes:
            self.server = Overlay(self.server, changes)


class _Kept(Exception):
    """Rolls a park back."""

    def __init__(self, why, row):
        super().__init__(why)
        self.why = why
        self.row = row


class Overlay:
    """A row with some columns changed since it was read."""

    def __init__(self, row, changes):
        self._row = row
        self._changes = changes

    def __getattr__(self, name):
        if name in self._changes:
            return self._changes[name]
        return getattr(self._row, name)


def take(database, cell, order_id, owner, clock, due_only=False):
    """Own the order and read all there is of it; None when it is closed, somebody else's, or not due."""
    return database.transact(_take, database, cell, order_id, owner, clock, due_only)


def _take(tx, database, cell, order_id, owner, clock, due_only):
    order = orders.claim(tx, order_id, owner, due_only=due_only)
    if order is None:
        return None
    server = servers.get(tx, order.server_uuid, deleted=True)
    entries = [Entry(row.id, row.attempt, row.step, row.undoing, row.state, row.host, row.result, row.message,
                     row.tries, row.result)
               for row in orders.steps(tx, order_id)]
    return Held(database, cell, order, server, entries, clock)
