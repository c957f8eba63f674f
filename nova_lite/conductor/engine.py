# SPDX-License-Identifier: Apache-2.0
"""Runs, resumes and undoes orders, one step at a time. What to do next is `plan.py`'s, what is written `journal.py`'s.

An order is run by one thread of one conductor at a time. Between a step's unknown outcome and the next look at it the
order belongs to nobody: any conductor may go on with it.
"""

import logging
import threading

from nova_lite import context, errors
from nova_lite.conductor import flow, journal, plan, workflows
from nova_lite.conductor.at import At
from nova_lite.db import orders

LOG = logging.getLogger(__name__)

_STUCK_INTERVAL = 60.0
_FAILURE_PAUSE = 10.0


class Engine:
    """The orders of one conductor process.

    `world`: what steps may reach (`world.World`); `workflows`: operation -> Workflow; `owner`: a function that gives
    the id under which this process holds its lease now.
    """

    def __init__(self, world, workflows, owner):
        self._world = world
        self._workflows = workflows
        self._owner = owner
        self._lock = threading.Condition()
        self._running = {}
        self._draining = False

    def wake(self, cell, order_id, due_only=False):
        """Look at an order soon. If it is being run here, look again after that.

        `due_only`: not if somebody has looked at it meanwhile and put it off.
        """
        with self._lock:
            if self._draining:
                return
            if (cell, order_id) in self._running:
                self._running[cell, order_id] |= not due_only
                return
            self._running[cell, order_id] = False
        self._world.executor.submit(self._run, cell, order_id, due_only)

    def drain(self):
        """Begin no further step: every order stops at its next border."""
        with self._lock:
            self._draining = True

    def wait_idle(self, timeout=None):
        """Wait until no order is being run here; False after `timeout` seconds."""
        with self._lock:
            return self._lock.wait_for(lambda: not self._running, timeout)

    def _run(self, cell, order_id, due_only):
        while True:
            try:
                self._run_once(cell, order_id, due_only)
            except BaseException:
                with self._lock:
                    self._forget(cell, order_id)
                raise
            with self._lock:
                # Seen and forgotten under one lock, so that no wake falls between.
                if self._draining or not self._running[cell, order_id]:
                    self._forget(cell, order_id)
                    return
                self._running[cell, order_id] = due_only = False

    def _forget(self, cell, order_id):
        del self._running[cell, order_id]
        self._lock.notify_all()

    def _run_once(self, cell, order_id, due_only):
        try:
            held = journal.take(self._world.cells.get(cell), cell, order_id, self._owner(), self._world.clock, due_only)
            if held is None:
                return
            with context.bound(context.RequestContext(
                    request_id=held.order.request_id, user_id=held.order.user_id, project_id=held.order.project_id)):
                _Run(self, self._world, self._workflow(held.order), held).to_border()
        except journal.Lost as lost:
            LOG.info('%s: somebody else goes on with it', lost)
        except errors.Unavailable as error:
            LOG.warning('Order %s waits: %s', order_id, error)
            self.wake_later(1.0, cell, order_id)
        except Exception:  # noqa: BLE001  the order is ours still, so nobody else would ever look at it
            LOG.exception('Order %s could not be run on; it is looked at again in %d s', order_id, _FAILURE_PAUSE)
            self.wake_later(_FAILURE_PAUSE, cell, order_id)

    def _workflow(self, order):
        """The workflow as it was when the order's first step was journaled (version 0: no step was)."""
        current = self._workflows[order.operation]
        if order.version in (0, current.version):
            return current
        older = workflows.OLDER.get((order.operation, order.version))
        if older is None:
            raise UnknownVersion(f'Order {order.id} was begun by version {order.version} of {order.operation}, which '
                                 'this release does not have. A conductor of the release before can finish it.')
        return older

    def wake_later(self, delay, cell, order_id):
        """Look at an order in `delay` seconds, if it is due then."""
        self._world.executor.call_later(delay, self.wake, cell, order_id, True)

    @property
    def draining(self):
        return self._draining


class UnknownVersion(errors.Unavailable):
    """An order was begun by a release that is too old, or newer than this one."""


class _Run:
    """One order from where it is to where it must wait, or to its end."""

    def __init__(self, engine, world, workflow, held):
        self.engine = engine
        self.world = world
        self.workflow = workflow
        self.held = held
        self.settings = world.conf.orders

    def to_border(self):
        """Go on until the order waits, ends, or the conductor drains."""
        while True:
            move = plan.next_move(self.workflow, self.held.entries, self.workflow.attempts_allowed(self.world.conf))
            if isinstance(move, plan.Finish):
                self._finish(move.refusal)
                return
            if isinstance(move, plan.Start):
                entry = self._start(move)
                if entry.state == orders.SKIPPED:
                    continue
            else:
                entry = move.entry
            if self.engine.draining:
                self.held.park(entry, orders.STARTED, 0.0, None)
                return
            if not self._perform(move.step, entry):
                return

    def _start(self, move):
        step = move.step
        draft = journal.Entry(0, move.attempt, step.name, move.undoing, orders.STARTED)
        at = At(self.world, self.held, draft)
        if move.undoing:
            host = next((entry.host for entry in self.held.entries
                         if (entry.attempt, entry.step, entry.undoing) == (move.attempt, step.name, False)), None)
            return self.held.start_step(step, move.attempt, True, host=host, deadline=self._patience(step, True),
                                        version=self.workflow.version)
        skipped = step.when is not None and not step.when(at)
        host = step.at(at) if step.at is not None and not skipped else None
        return self.held.start_step(step, move.attempt, False, host=host, deadline=self._patience(step, False),
                                    skipped=skipped, version=self.workflow.version)

    def _patience(self, step, undoing):
        """Seconds for which the outcome of a step may stay unknown."""
        if undoing:
            return self.settings.undo_deadline
        return self.settings.step_deadline if step.deadline is None else step.deadline

    def _perform(self, step, entry):
        """Run a step; False when the order waits now."""
        at = At(self.world, self.held, entry)
        try:
            result = (step.undo if entry.undoing else step.do)(at) or flow.Result()
        except flow.Waiting:
            # Its host is at work: that is no unknown outcome, so the patience begins anew.
            return self._wait(entry, orders.WAITING, self.settings.job_silence, None,
                              patience=self._patience(step, entry.undoing))
        except journal.Lost:
            raise
        except errors.Unavailable as error:
            return self._wait(entry, orders.STARTED, self._pause(entry), str(error))
        except errors.Error as refusal:
            return self._refused(entry, refusal)
        except Exception as error:  # noqa: BLE001  whatever a step raises, its outcome is unknown and the order lives
            LOG.exception('Order %s: step %s failed, and will be tried again', self.held.order.id, entry.step)
            return self._wait(entry, orders.STARTED, self._pause(entry), f'{type(error).__name__}: {error}')
        self.held.end_step(entry, orders.STEP_DONE, result=result.value, server=result.server,
                           explanation=result.explanation)
        return True

    def _refused(self, entry, refusal):
        LOG.info('Order %s: step %s%s is refused: %s', self.held.order.id, entry.step,
                 ' (undoing)' if entry.undoing else '', refusal)
        if entry.undoing or plan.past_no_return(self.workflow, self.held.entries):
            return self._stuck(entry, str(refusal))
        self.held.end_step(
            entry, orders.REFUSED, message=str(refusal), explanation=getattr(refusal, 'explanation', None),
            result={'final': isinstance(refusal, flow.Final), 'kind': type(refusal).__name__, **refusal.details})
        return True

    def _wait(self, entry, state, delay, message, patience=None):
        outcome = self.held.park(entry, state, delay, message, patience)
        if outcome is journal.PARKED:
            self.engine.wake_later(delay, self.held.cell, self.held.order.id)
            return False
        if outcome is journal.NEWS:
            return True
        if entry.undoing or plan.past_no_return(self.workflow, self.held.entries):
            return self._stuck(entry, message or 'no answer in time')
        LOG.warning('Order %s: step %s is out of time: %s', self.held.order.id, entry.step, message)
        self.held.end_step(entry, orders.REFUSED, message=f'No certain answer in time: {message}', result={})
        self.held.raise_fence()
        return True

    def _stuck(self, entry, message):
        LOG.error('Order %s (%s of server %s) is stuck at %s: %s. It is tried again every %d s; see nova-manage order.',
                  self.held.order.id, self.held.order.operation, self.held.order.server_uuid, entry.step, message,
                  _STUCK_INTERVAL)
        self.held.park_stuck(entry, _STUCK_INTERVAL, message)
        self.engine.wake_later(_STUCK_INTERVAL, self.held.cell, self.held.order.id)
        return False

    def _pause(self, entry):
        """Short at first, then longer, a little by chance so that many do not come at once."""
        longest = self.settings.retry_max_interval
        return min(longest, 0.25 * 2 ** min(entry.tries, 10)) * self.world.random.uniform(0.8, 1.2)

    def _finish(self, refusal):
        at = At(self.world, self.held, self.held.entries[-1])
        if refusal is None:
            closing = self.workflow.succeeded(at)
            self.held.close(orders.DONE, closing)
            LOG.info('Order %s: %s of server %s is done', self.held.order.id, self.held.order.operation,
                     self.held.order.server_uuid)
            return
        closing = self.workflow.failed(at, refusal)
        fault = {'code': 500, 'message': closing.fault or refusal.message or 'The operation failed.',
                 'details': refusal.message, 'host': refusal.host}
        self.held.close(orders.FAILED, closing, message='Error', fault=fault)
        LOG.warning('Order %s: %s of server %s failed and is undone: %s', self.held.order.id,
                    self.held.order.operation, self.held.order.server_uuid, refusal.message)
