# SPDX-License-Identifier: Apache-2.0
"""How a worker learns what others committed, without a row that every write touches.

Each running write transaction owns a lane, a row that nobody else writes. Before it commits, it adds one to its
lane's `seq` and leaves what it touched under (lane, seq). One lane's transactions follow one another, so its numbers
become visible in order and without gaps: all lanes' numbers together are an exact statement of what has been
committed, and a reader that compares them with its own misses nothing, however late or in whatever order transactions
commit.
"""

import collections

import sqlalchemy as sa
from oslo_db import exception as db_exc

from nova_lite.placement.db.tables import changes, lanes

# A reader that is further behind in a lane loads everything anew.
KEPT = 2000
PRUNE_EVERY = 250
# A transaction that touches more providers says no more which.
MOST = 2000
EVERYTHING = 'all'
# A lane that its owner has not used for so long is removed; an owner that is alive takes a new one.
IDLE_SECONDS = 86400

VECTOR = f'SELECT id, seq FROM {lanes.name}'
_ADVANCE = sa.update(lanes).where(lanes.c.id == sa.bindparam('lane'), lanes.c.seq == sa.bindparam('old')).values(
    seq=sa.bindparam('new'), touched_at=sa.bindparam('now'))
_APPEND = sa.insert(changes)


class LaneLost(db_exc.DBError):
    """Another process uses this lane (a fork) or it was removed as idle: take a new one."""


class What:
    """What one transaction touched: providers as a whole, providers whose usage alone moved, names."""

    __slots__ = ('providers', 'usages', 'names')

    def __init__(self):
        self.providers = set()
        self.usages = set()
        self.names = False

    def __bool__(self):
        return bool(self.providers or self.usages or self.names)

    def to_text(self):
        if len(self.providers) + len(self.usages) > MOST:
            return EVERYTHING
        parts = [f'p{n}' for n in sorted(self.providers)]
        parts += [f'u{n}' for n in sorted(self.usages - self.providers)]
        return ','.join([*parts, 'n'] if self.names else parts)

    def add_text(self, text):
        for part in text.split(','):
            if part[0] == 'p':
                self.providers.add(int(part[1:]))
            elif part[0] == 'u':
                self.usages.add(int(part[1:]))
            else:
                self.names = True


class Lanes:
    """The lanes that this process owns and no transaction of it uses just now."""

    def __init__(self):
        self._free = collections.deque()

    def record(self, conn, what, now):
        """Say in this transaction what it touches; returns the (lane, seq) to give back once it has committed.

        Raises LaneLost, after which the transaction runs again.
        """
        try:
            lane, old = self._free.pop()
        except IndexError:
            return self._open(conn, what, now)
        moved = conn.execute(_ADVANCE, {'lane': lane, 'old': old, 'new': old + 1, 'now': now})
        if moved.rowcount != 1:
            raise LaneLost()
        conn.execute(_APPEND, {'lane_id': lane, 'seq': old + 1, 'what': what.to_text()})
        if (old + 1) % PRUNE_EVERY == 0:
            conn.execute(sa.delete(changes).where(changes.c.lane_id == lane, changes.c.seq <= old + 1 - KEPT))
        return lane, old + 1

    def give_back(self, lane):
        self._free.append(lane)

    def _open(self, conn, what, now):
        idle = conn.execute(sa.select(lanes.c.id).where(lanes.c.touched_at < now - IDLE_SECONDS)).scalars().all()
        if idle:
            conn.execute(sa.delete(changes).where(changes.c.lane_id.in_(idle)))
            conn.execute(sa.delete(lanes).where(lanes.c.id.in_(idle)))
        lane = conn.execute(sa.insert(lanes).values(seq=1, touched_at=now)).inserted_primary_key[0]
        conn.execute(_APPEND, {'lane_id': lane, 'seq': 1, 'what': what.to_text()})
        return lane, 1


def vector(conn):
    """Every lane's number, as this transaction sees it."""
    return dict(map(tuple, conn.execute(sa.select(lanes.c.id, lanes.c.seq))))


def since(conn, known, current):
    """What was touched between the vectors `known` and `current`; None if that can no longer be told."""
    if any(lane not in current or current[lane] < seq for lane, seq in known.items()):
        return None
    moved = {lane: known.get(lane, 0) for lane, seq in current.items() if seq != known.get(lane, 0)}
    expected = sum(current[lane] - seq for lane, seq in moved.items())
    if expected > KEPT:
        return None
    what = What()
    if not moved:
        return what
    rows = conn.execute(sa.select(changes.c.what).where(sa.or_(
        *(sa.and_(changes.c.lane_id == lane, changes.c.seq > seq, changes.c.seq <= current[lane])
          for lane, seq in moved.items())))).scalars().all()
    if len(rows) != expected:
        return None
    if EVERYTHING in rows:
        return None
    for text in rows:
        what.add_text(text)
    return what


