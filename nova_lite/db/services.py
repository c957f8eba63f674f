# SPDX-License-Identifier: Apache-2.0
"""Queries on a cell's `services`: which daemons there are, and which of them are up.

A service is up while its last sign of life is younger than `service_down_time` by the database's clock and nobody
has forced it down. Rows returned carry every column and `up`.
"""

import uuid as uuidlib

import sqlalchemy as sa

from nova_lite.db.models import cell as models
from nova_lite.db.types import epoch
from nova_lite.db.upsert import upsert

_T = models.services
_TOLD = ('topic', 'boot_id', 'version', 'last_seen_up', 'updated_at')
# Made once: every daemon asks it every few seconds.
_BEAT = _T.update().where(_T.c.host == sa.bindparam('at_host'), _T.c.binary == sa.bindparam('of_binary')).values(
    last_seen=epoch(), **{name: sa.bindparam(f'new_{name}', type_=_T.c[name].type) for name in _TOLD})


def heartbeat(tx, beat, now, *, disabled=False, disabled_reason=None):
    """Note that a daemon lives (`messages.hosts.Heartbeat`); `now` is an aware datetime for what people read.

    `disabled` and its reason are for a service that is new. True if it is.
    """
    values = {'topic': beat.topic, 'boot_id': beat.boot_id, 'version': beat.version, 'last_seen_up': now,
              'updated_at': now}
    if tx.execute(_BEAT, {'at_host': beat.host, 'of_binary': beat.binary,
                          **{f'new_{name}': values[name] for name in _TOLD}}).rowcount:
        return False
    initial = {'uuid': str(uuidlib.uuid4()), 'disabled': disabled, 'disabled_reason': disabled_reason,
               'forced_down': False, 'created_at': now}
    return upsert(tx, _T, {'host': beat.host, 'binary': beat.binary}, values | {'last_seen': epoch()}, initial)


def is_up(down_after):
    """The SQL test of an up service; `down_after` seconds is `service_down_time`."""
    return sa.and_(epoch() - _T.c.last_seen < down_after, _T.c.forced_down == sa.false())


def list(tx, *, down_after, host=None, binary=None, topic=None, disabled=None):
    """Services that match every value given, by id."""
    query = _select(down_after)
    wanted = {'host': host, 'binary': binary, 'topic': topic, 'disabled': disabled}
    for name, value in wanted.items():
        if value is not None:
            query = query.where(_T.c[name] == value)
    return tx.execute(query.order_by(_T.c.id)).all()


def health(tx, *, down_after, hosts=None):
    """host, disabled, forced_down and up of every nova-compute; of `hosts` only, if given."""
    query = sa.select(_T.c.host, _T.c.disabled, _T.c.forced_down, is_up(down_after).label('up'))
    query = query.where(_T.c.binary == 'nova-compute')
    if hosts is not None:
        query = query.where(_T.c.host.in_(hosts))
    return tx.execute(query).all()


def get(tx, uuid, *, down_after):
    """The service with this uuid, or None."""
    return tx.execute(_select(down_after).where(_T.c.uuid == uuid)).one_or_none()


def get_by_id(tx, id, *, down_after):
    """The service with this number, or None."""
    return tx.execute(_select(down_after).where(_T.c.id == id)).one_or_none()


def get_by_host(tx, host, binary, *, down_after):
    """The service `binary` on `host`, or None."""
    query = _select(down_after).where(_T.c.host == host, _T.c.binary == binary)
    return tx.execute(query).one_or_none()


def set_disabled(tx, uuid, disabled, reason, now):
    """Disable a service with a reason (None: none given), or enable it. False if there is no such service."""
    return _update(tx, uuid, now, disabled=disabled, disabled_reason=reason if disabled else None)


def set_forced_down(tx, uuid, forced_down, now):
    """Count a service as down whatever it says, or believe it again. False if there is no such service."""
    return _update(tx, uuid, now, forced_down=forced_down)


def delete(tx, uuid):
    """Remove a service, and with nova-compute its host's nodes. False if there is no such service.

    Its aggregates are in the api database: `aggregates.forget_host`.
    """
    row = tx.execute(sa.select(_T.c.host, _T.c.binary).where(_T.c.uuid == uuid)).one_or_none()
    if row is None:
        return False
    if row.binary == 'nova-compute':
        tx.execute(models.hosts.delete().where(models.hosts.c.host == row.host))
    return bool(tx.execute(_T.delete().where(_T.c.uuid == uuid)).rowcount)


def _select(down_after):
    return sa.select(_T, is_up(down_after).label('up'))


def _update(tx, uuid, now, **values):
    return bool(tx.execute(_T.update().where(_T.c.uuid == uuid).values(updated_at=now, **values)).rowcount)
