# SPDX-License-Identifier: Apache-2.0
"""What to do next with an order: a pure function of its workflow and its journal. No clock, no database, no calls."""

import dataclasses
from typing import Any

from nova_lite.conductor import flow
from nova_lite.db import orders


@dataclasses.dataclass(frozen=True)
class Start:
    """Journal that this step begins, then run it."""

    step: flow.Step
    attempt: int
    undoing: bool


@dataclasses.dataclass(frozen=True)
class Resume:
    """This step was begun and its outcome is not known: run it again, it measures first."""

    step: flow.Step
    entry: Any


@dataclasses.dataclass(frozen=True)
class Finish:
    """All done, or (with the entry that refused) all undone."""

    refusal: Any = None


def next_move(workflow, entries, attempts_allowed):
    """Start, Resume or Finish.

    `entries`: the order's journal, each with attempt, step, undoing, state and result.
    """
    journal = {(entry.attempt, entry.step, entry.undoing): entry for entry in entries}
    attempt = max((entry.attempt for entry in entries), default=1)
    passed = []
    for step, in_block in workflow.flat():
        number = attempt if in_block else 1
        entry = journal.get((number, step.name, False))
        if entry is None:
            return Start(step, number, False)
        if entry.state == orders.SKIPPED:
            continue
        passed.append((step, in_block, number))
        if entry.state == orders.REFUSED:
            return _back(workflow, journal, passed, entry, in_block and _may_retry(entry, attempt, attempts_allowed))
        if entry.state != orders.STEP_DONE:
            return Resume(step, entry)
    return Finish()


def past_no_return(workflow, entries):
    """Whether nothing turns back any more: a step with `no_return` is done, or the workflow goes forward only."""
    if workflow.forward_only:
        return True
    names = {step.name for step, _ in workflow.flat() if step.no_return}
    return any(entry.step in names and not entry.undoing and entry.state == orders.STEP_DONE for entry in entries)


def _may_retry(refusal, attempt, attempts_allowed):
    return attempt < attempts_allowed and not (refusal.result or {}).get('final')


def _back(workflow, journal, passed, refusal, retry):
    """Undo what was passed, last first: only the block's steps when it is to be entered again.

    The refused step is undone too: its undo finds nothing to do, or what an attempt out of time has left.
    """
    for step, in_block, number in reversed(passed):
        if step.undo is None or (retry and not in_block):
            continue
        undo = journal.get((number, step.name, True))
        if undo is None:
            return Start(step, number, True)
        if undo.state != orders.STEP_DONE:
            return Resume(step, undo)
    if retry:
        first = next(step for step, in_block in workflow.flat() if in_block)
        return Start(first, refusal.attempt + 1, False)
    return Finish(refusal)
