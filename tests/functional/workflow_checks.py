# SPDX-License-Identifier: Apache-2.0
"""The checks every workflow has to pass: a refusal in every step unwinds, a crash in every step resumes, a crash while
undoing resumes, a lost answer is measured again, a delete in the middle cleans up. Each step is broken before and after
its work.

Workflows are altered, never the engine: the steps are wrapped where they are handed to it.
"""

import dataclasses

from nova_lite import errors, states
from nova_lite.conductor import flow, workflows
from tests.fakes.time import Crash
from tests.functional.lab import Lab

BEFORE, AFTER = 'before', 'after'

# operation -> the vm_state of the server before it (None: a build), when it succeeded, and when it failed.
CASES = {
    'build': (None, states.ACTIVE, states.ERROR),
    'delete': (states.ACTIVE, states.DELETED, None),
    'force_delete': (states.ACTIVE, states.DELETED, None),
    'start': (states.STOPPED, states.ACTIVE, states.STOPPED),
    'stop': (states.ACTIVE, states.STOPPED, states.ACTIVE),
    'reboot': (states.ACTIVE, states.ACTIVE, states.ACTIVE),
    'reboot_hard': (states.ACTIVE, states.ACTIVE, states.ERROR),
}


class Trouble:
    """Breaks one step, before or after its work: `times` times, by raising what `make` makes."""

    def __init__(self, make, times=1):
        self.make = make
        self.times = times
        self.hits = 0

    def strike(self):
        if self.hits < self.times:
            self.hits += 1
            raise self.make()


def broken(workflow, step_name, when, trouble, *, undo=False):
    """`workflow` with `trouble` around one step's do (or undo)."""
    def wrap(function):
        def around(at):
            if when == BEFORE:
                trouble.strike()
            result = function(at)
            if when == AFTER:
                trouble.strike()
            return result
        around.__name__ = function.__name__
        return around

    def alter(part):
        if isinstance(part, flow.Attempts):
            return dataclasses.replace(part, steps=tuple(alter(step) for step in part.steps))
        if part.name != step_name:
            return part
        if undo:
            return dataclasses.replace(part, undo=wrap(part.undo))
        return dataclasses.replace(part, do=wrap(part.do))

    return dataclasses.replace(workflow, steps=tuple(alter(part) for part in workflow.steps))


def steps_of(operation, *, with_undo=False):
    """The names of an operation's steps."""
    return [step.name for step, _ in workflows.BY_OPERATION[operation].flat() if step.undo or not with_undo]


def run(operation, altered=None, latency=0.0, prepare=None):
    """Do `operation` once on a server in the right state; (lab, server uuid, the order's id). Settled."""
    before = CASES[operation][0]
    lab = Lab(altered=altered if before is None else None, latency=latency)
    if before is None:
        uuid = lab.create()
        if prepare:
            prepare(lab)
        lab.settle()
        return lab, uuid, lab.orders(uuid)[-1].id
    uuid = lab.create()
    lab.settle()
    if before == states.STOPPED:
        lab.begin('stop', uuid)
        lab.settle()
    lab.workflows.update(altered or {})
    order_id = lab.begin(operation, uuid)
    if prepare:
        prepare(lab)
    lab.settle()
    return lab, uuid, order_id


def check_succeeded(lab, operation, uuid):
    """The operation's end is as if nothing had happened on the way, and nothing is left over."""
    server = lab.server(uuid)
    assert (server.vm_state, server.task_state) == (CASES[operation][1], None), (server.vm_state, server.task_state)
    lab.check_nothing_extra()
    for order in lab.orders(uuid):
        assert order.state == 'done' and order.owner is None and order.secrets is None, order


def check_failed(lab, operation, uuid):
    """The operation is undone whole: the server is what it was, with a fault, and nothing is left over."""
    server = lab.server(uuid)
    assert (server.vm_state, server.task_state) == (CASES[operation][2], None), (server.vm_state, server.task_state)
    lab.check_nothing_extra()
    assert lab.orders(uuid)[-1].state == 'failed'


def crash_in_step(operation, step, when, latency=0.0):
    """The conductor dies in `step`: another one goes on, and the operation succeeds."""
    trouble = Trouble(Crash)
    workflow = broken(workflows.BY_OPERATION[operation], step, when, trouble)
    lab, uuid, _ = run(operation, {operation: workflow}, latency)
    assert trouble.hits == 1 and lab.crashes == 1
    check_succeeded(lab, operation, uuid)
    lab.close()


def answer_lost_in_step(operation, step, when):
    """Three times the outcome of `step` is unknown: it is measured again, and that is never a failure."""
    trouble = Trouble(lambda: errors.Unavailable('the answer was lost'), times=3)
    workflow = broken(workflows.BY_OPERATION[operation], step, when, trouble)
    lab, uuid, _ = run(operation, {operation: workflow})
    assert trouble.hits == 3
    check_succeeded(lab, operation, uuid)
    lab.close()


def refusal_in_step(operation, step, when):
    """`step` is refused for good: everything before it is undone."""
    trouble = Trouble(lambda: errors.Conflict('told to refuse'), times=1000)
    workflow = broken(workflows.BY_OPERATION[operation], step, when, trouble)
    lab, uuid, _ = run(operation, {operation: workflow})
    assert trouble.hits >= 1
    check_failed(lab, operation, uuid)
    lab.close()


def crash_in_undo(operation, refused, undone, when):
    """`refused` is refused for good, and the conductor dies while `undone` is undone: another one ends the undoing."""
    refusal = Trouble(lambda: errors.Conflict('told to refuse'), times=1000)
    crash = Trouble(Crash)
    workflow = broken(workflows.BY_OPERATION[operation], refused, AFTER, refusal)
    workflow = broken(workflow, undone, when, crash, undo=True)
    lab, uuid, _ = run(operation, {operation: workflow})
    assert crash.hits == 1 and lab.crashes == 1
    check_failed(lab, operation, uuid)
    lab.close()


def delete_in_step(operation, step, when):
    """The user deletes the server while `step` is under way: the server is gone, and nothing is left."""
    seen = []

    def begin_delete():
        seen.append(lab_box[0].begin('delete', uuid_box[0], cast=True))
        return errors.Unavailable('and the answer is late')

    lab_box, uuid_box = [None], [None]
    trouble = Trouble(begin_delete)
    workflow = broken(workflows.BY_OPERATION[operation], step, when, trouble)
    before = CASES[operation][0]
    lab = lab_box[0] = Lab()
    if before is None:
        lab.workflows[operation] = workflow
    uuid = uuid_box[0] = lab.create()
    lab.settle()
    if before is not None:
        if before == states.STOPPED:
            lab.begin('stop', uuid)
            lab.settle()
        lab.workflows[operation] = workflow
        lab.begin(operation, uuid)
        lab.settle()
    assert trouble.hits == 1
    server = lab.server(uuid)
    assert server.deleted and server.vm_state == states.DELETED, server.vm_state
    lab.check_nothing_extra()
    lab.close()
