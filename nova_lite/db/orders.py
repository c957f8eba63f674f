# SPDX-License-Identifier: Apache-2.0
"""Orders and their steps: the journal, its ownership and its fences.

Every write to an open order is conditional on its owner and fence, so that who lost it cannot write any more.
"""

import sqlalchemy as sa

from nova_lite import states
from nova_lite.db.models import cell as models
from nova_lite.db.types import epoch

# An order's state.
OPEN = 'open'               # to be run, or being run
STUCK = 'stuck'             # an undo was refused or out of time: tried again rarely, and an operator may decide
DONE = 'done'               # it did what was asked
FAILED = 'failed'           # it could not, and everything it had done is undone
SUPERSEDED = 'superseded'   # another order took the server over
ABANDONED = 'abandoned'     # an operator closed it as it was
UNFINISHED = (OPEN, STUCK)

# A step's state.
STARTED = 'started'         # somebody may have done some of it: measure, then act
WAITING = 'waiting'         # a host works on it and will report
REPORTED = 'reported'       # the host reported its end, nobody has looked yet
STEP_DONE = 'done'
REFUSED = 'refused'         # a definite no
SKIPPED = 'skipped'         # its condition did not hold

_orders = models.orders
_steps = models.order_steps
_conductors = models.conductors


def insert(tx, **values):
    """Write a new order; its id."""
    return tx.execute(sa.insert(_orders).values(**values)).inserted_primary_key[0]


def get(tx, order_id):
    """The order, or None."""
    return tx.execute(sa.select(_orders).where(_orders.c.id == order_id)).one_or_none()


def is_current(tx, order_id, attempt, fence):
    """Whether the order still goes forward in this attempt, under this fence: for who works for it and has no lease."""
    turned = sa.exists().where(_steps.c.order_id == order_id, sa.or_(
        _steps.c.attempt > attempt, sa.and_(_steps.c.attempt == attempt, _steps.c.undoing == sa.true())))
    return tx.execute(sa.select(_orders.c.id).where(
        _orders.c.id == order_id, _orders.c.fence == fence, _orders.c.state == OPEN,
        _orders.c.undoing == sa.false(), ~turned)).one_or_none() is not None


def steps(tx, order_id):
    """The order's journal, oldest first."""
    return tx.execute(sa.select(_steps).where(_steps.c.order_id == order_id).order_by(_steps.c.id)).all()


def step_now(tx, step_id):
    """What is written of one step (`state`, `result`), and whether its deadline has passed (`late`)."""
    late = (_steps.c.deadline < epoch()).label('late')
    return tx.execute(sa.select(_steps.c.state, _steps.c.result, late).where(_steps.c.id == step_id)).one()


def of_server(tx, server_uuid):
    """Every order of a server, oldest first."""
    return tx.execute(sa.select(_orders).where(_orders.c.server_uuid == server_uuid).order_by(_orders.c.id)).all()


def last_result(tx, server_uuid, step):
    """What `step` found when it was last done for a server; None when it never was."""
    journal = _steps.join(_orders, _orders.c.id == _steps.c.order_id)
    return tx.execute(sa.select(_steps.c.result).select_from(journal).where(
        _orders.c.server_uuid == server_uuid, _steps.c.step == step, _steps.c.undoing == sa.false(),
        _steps.c.state == STEP_DONE).order_by(_steps.c.id.desc()).limit(1)).scalar_one_or_none()


def unfinished_of_server(tx, server_uuid):
    """The open or stuck orders of a server."""
    return tx.execute(sa.select(_orders).where(
        _orders.c.server_uuid == server_uuid, _orders.c.state.in_(UNFINISHED))).all()


def hosts_touched(tx, server_uuid):
    """Every host that the journal of a server names: where something of it may be."""
    return set(tx.execute(
        sa.select(_steps.c.host).distinct().select_from(_steps.join(_orders, _orders.c.id == _steps.c.order_id))
        .where(_orders.c.server_uuid == server_uuid, _steps.c.host.is_not(None))).scalars())


def supersede(tx, server_uuid, message, now):
    """Close every unfinished order of a server in favour of another one."""
    tx.execute(sa.update(_orders).where(_orders.c.server_uuid == server_uuid, _orders.c.state.in_(UNFINISHED)).values(
        state=SUPERSEDED, open_key=None, owner=None, wake_at=None, secrets=None, message=message,
        updated_at=now, finished_at=now))


def claim(tx, order_id, owner, *, due_only=False):
    """Make `owner` the order's owner; the order as it is then, or None when it is closed or somebody else's.

    With `due_only` one that was given back is taken only when its `wake_at` has passed.

    An order that was given back is taken as it is. One whose owner's lease has lapsed is adopted: the server's fence
    rises, so that nothing the former owner still sends is obeyed or journaled.
    """
    unfinished = sa.and_(_orders.c.id == order_id, _orders.c.state.in_(UNFINISHED))
    given_back = sa.and_(_orders.c.owner.is_(None), _orders.c.wake_at <= epoch() if due_only else sa.true())
    taken = tx.execute(sa.update(_orders).where(unfinished, given_back).values(owner=owner)).rowcount
    order = get(tx, order_id)
    if taken == 1:
        return order
    if order is None or order.state not in UNFINISHED or order.owner is None:
        return None
    if order.owner == owner:
        return order
    if _is_alive(tx, order.owner):
        return None
    adopted = tx.execute(sa.update(_orders).where(
        unfinished, _orders.c.owner == order.owner, _orders.c.fence == order.fence).values(owner=owner)).rowcount
    if adopted != 1:
        return None
    # Only who has won raises the fence: a fence above the order's would lock out the order itself.
    tx.execute(sa.update(_orders).where(_orders.c.id == order_id).values(fence=raise_fence(tx, order.server_uuid)))
    return get(tx, order_id)


def raise_fence(tx, server_uuid):
    """Give the server's next fence. Whoever holds a lower one is no longer obeyed by hosts or the journal."""
    tx.execute(sa.update(models.servers).where(models.servers.c.uuid == server_uuid)
               .values(fence=models.servers.c.fence + 1))
    return tx.execute(sa.select(models.servers.c.fence).where(models.servers.c.uuid == server_uuid)).scalar_one()


def write(tx, order, **values):
    """Change an order that is held; False when it is no longer ours."""
    return tx.execute(sa.update(_orders).where(
        _orders.c.id == order.id, _orders.c.fence == order.fence, _orders.c.owner == order.owner,
        _orders.c.state.in_(UNFINISHED)).values(**values)).rowcount == 1


def wake_after(seconds):
    """The value of `wake_at`, or of a step's `deadline`, for `seconds` from now."""
    return epoch() + float(seconds)


def insert_step(tx, *, deadline_after, **values):
    """Journal a step's start; its id. `deadline_after` in seconds from now."""
    return tx.execute(sa.insert(_steps).values(
        deadline=epoch() + float(deadline_after), **values)).inserted_primary_key[0]


def update_step(tx, step_id, **values):
    tx.execute(sa.update(_steps).where(_steps.c.id == step_id).values(**values))


def report_step(tx, report, now):
    """Journal a host's report of a job's end (`messages.jobs.Report`).

    The order's id; None when nobody waits for it any more. Only a step of an unfinished order that holds the
    report's fence takes it. Several hosts may report to one step: the result holds {'reports': {host: status}} then.
    """
    key = report.key
    awaited = tx.execute(sa.update(_orders).where(
        _orders.c.id == key.order_id, _orders.c.state.in_(UNFINISHED), _orders.c.fence == report.fence).values(
            wake_at=epoch(), updated_at=now)).rowcount
    if awaited != 1:
        return None
    row = tx.execute(sa.select(_steps).where(
        _steps.c.order_id == key.order_id, _steps.c.attempt == key.attempt, _steps.c.step == key.step,
        _steps.c.undoing == key.undoing, _steps.c.state.in_((STARTED, WAITING, REPORTED)))).one_or_none()
    if row is None:
        return None
    reports = {**(row.result or {}).get('reports', {}), report.host: report.status}
    tx.execute(sa.update(_steps).where(_steps.c.id == row.id).values(
        state=REPORTED, result={**(row.result or {}), 'reports': reports}))
    return key.order_id


def due(tx, limit):
    """Ids of unfinished orders that nobody looks after: given back and due, or of an owner whose lease has lapsed."""
    return tx.execute(sa.select(_orders.c.id).where(_orders.c.state.in_(UNFINISHED), sa.or_(
        sa.and_(_orders.c.owner.is_(None), _orders.c.wake_at <= epoch()), _owner_is_dead())).order_by(_orders.c.id)
        .limit(limit)).scalars().all()


def wake_now(tx, order_id):
    """Make an order due that waits or is stuck; False when it is finished, or a living conductor is at it."""
    return tx.execute(sa.update(_orders).where(
        _orders.c.id == order_id, _orders.c.state.in_(UNFINISHED),
        sa.or_(_orders.c.owner.is_(None), _owner_is_dead())).values(wake_at=epoch())).rowcount == 1


def abandon(tx, order_id, message, now):
    """Close an unfinished order as it is: the fence rises, the server is in error. False when it is finished."""
    order = get(tx, order_id)
    closed = tx.execute(sa.update(_orders).where(_orders.c.id == order_id, _orders.c.state.in_(UNFINISHED)).values(
        state=ABANDONED, open_key=None, owner=None, wake_at=None, secrets=None, message=message,
        updated_at=now, finished_at=now)).rowcount
    if closed != 1:
        return False
    raise_fence(tx, order.server_uuid)
    tx.execute(sa.update(models.servers).where(
        models.servers.c.uuid == order.server_uuid, models.servers.c.deleted == sa.false()).values(
            vm_state=states.ERROR, task_state=None, updated_at=now))
    return True


def of_host(tx, host):
    """Ids of unfinished orders with a step that is under way on `host`."""
    return tx.execute(sa.select(_orders.c.id).distinct().select_from(
        _orders.join(_steps, _steps.c.order_id == _orders.c.id)).where(
            _orders.c.state.in_(UNFINISHED), _steps.c.host == host,
            _steps.c.state.in_((STARTED, WAITING, REPORTED)))).scalars().all()


def list_(tx, *, wanted=UNFINISHED, server_uuid=None, limit=1000):
    """Orders for operators, newest first; `wanted` are their states, None for all."""
    query = sa.select(_orders).order_by(_orders.c.id.desc()).limit(limit)
    if wanted is not None:
        query = query.where(_orders.c.state.in_(wanted))
    if server_uuid is not None:
        query = query.where(_orders.c.server_uuid == server_uuid)
    return tx.execute(query).all()


def register_conductor(tx, owner, host, lease_seconds):
    """Begin a lease for one conductor process."""
    tx.execute(sa.insert(_conductors).values(id=owner, host=host, lease_until=epoch() + float(lease_seconds)))


def renew(tx, owner, lease_seconds):
    """Prolong the lease; False when it had lapsed, and somebody may have adopted what was ours."""
    return tx.execute(sa.update(_conductors).where(
        _conductors.c.id == owner, _conductors.c.lease_until > epoch()).values(
            lease_until=epoch() + float(lease_seconds))).rowcount == 1


def end_lease(tx, owner):
    """Give everything back at once: a conductor that stops in order."""
    tx.execute(sa.update(_orders).where(_orders.c.owner == owner, _orders.c.state.in_(UNFINISHED)).values(
        owner=None, wake_at=epoch()))
    tx.execute(sa.delete(_conductors).where(_conductors.c.id == owner))


def forget_conductors(tx, seconds):
    """Remove the rows of conductors whose lease lapsed more than `seconds` ago and who own nothing."""
    owners = sa.select(_orders.c.owner).where(_orders.c.owner.is_not(None), _orders.c.state.in_(UNFINISHED))
    tx.execute(sa.delete(_conductors).where(
        _conductors.c.lease_until < epoch() - float(seconds), _conductors.c.id.not_in(owners)))


def _owner_is_dead():
    alive = sa.select(_conductors.c.id).where(_conductors.c.lease_until > epoch())
    return sa.and_(_orders.c.owner.is_not(None), _orders.c.owner.not_in(alive))


def _is_alive(tx, owner):
    return tx.execute(sa.select(_conductors.c.id).where(
        _conductors.c.id == owner, _conductors.c.lease_until > epoch())).one_or_none() is not None
