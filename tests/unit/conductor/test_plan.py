# SPDX-License-Identifier: Apache-2.0
"""What to do next, for every journal that can be: generated workflows, played with generated luck."""

import dataclasses
import itertools

import testtools
from hypothesis import given, settings
from hypothesis import strategies as some

from nova_lite.conductor import flow, plan
from nova_lite.db import orders

CONF = object()


@dataclasses.dataclass
class Entry:
    """A row of a journal."""

    attempt: int
    step: str
    undoing: bool
    state: str
    result: dict | None = None


def make_step(name, undo, no_return=False):
    def do(at):
        """Never called: plans are made without it."""
    do.__name__ = name
    return flow.Step(do, undo=do if undo else None, no_return=no_return)


@some.composite
def workflows(draw):
    """Up to three steps, a block of up to three (or none), up to three steps; some of them have an undo."""
    names = iter('abcdefghi')
    steps = [make_step(next(names), draw(some.booleans())) for _ in range(draw(some.integers(0, 3)))]
    block = [make_step(next(names), draw(some.booleans())) for _ in range(draw(some.integers(0, 3)))]
    if block:
        most = draw(some.integers(1, 4))
        steps.append(flow.Attempts(tuple(block), most=lambda conf: most))
    steps += [make_step(next(names), draw(some.booleans())) for _ in range(draw(some.integers(0 if steps else 1, 3)))]
    return flow.Workflow('generated', tuple(steps), succeeded=None, failed=lambda at, refusal: None)


class Play:
    """Plays an order: `luck` says for each step whether it is done, skipped, refused, refused for good, or unknown."""

    def __init__(self, workflow, luck):
        self.workflow = workflow
        self.luck = iter(luck)
        self.entries = []
        self.moves = []
        self.end = None
        self.allowed = workflow.attempts_allowed(CONF)
        for _ in range(1000):
            move = plan.next_move(workflow, self.entries, self.allowed)
            self.moves.append(move)
            if isinstance(move, plan.Finish):
                self.end = move
                return
            self.go(move)
        raise AssertionError('it never ends')

    def go(self, move):
        if isinstance(move, plan.Start):
            entry = Entry(move.attempt, move.step.name, move.undoing, orders.STARTED)
            self.entries.append(entry)
        else:
            entry = move.entry
        luck = next(self.luck, 'done')
        if luck == 'unknown':
            return
        if entry.undoing or luck == 'done':
            entry.state = orders.STEP_DONE
        elif luck == 'skipped' and isinstance(move, plan.Start):
            entry.state = orders.SKIPPED
        else:
            entry.state, entry.result = orders.REFUSED, {'final': luck == 'final'}

    def states(self, undoing):
        return {(entry.attempt, entry.step): entry.state for entry in self.entries if entry.undoing == undoing}


PLAYS = some.builds(Play, workflows(), some.lists(
    some.sampled_from(['done', 'done', 'done', 'skipped', 'refused', 'final', 'unknown']), max_size=60))


class PlanTest(testtools.TestCase):
    @given(PLAYS)
    def test_success_means_that_all_is_done_and_nothing_undone_of_the_last_attempt(self, play):
        if play.end.refusal is not None:
            return
        attempt = max((entry.attempt for entry in play.entries), default=1)
        forward = play.states(undoing=False)
        for step, in_block in play.workflow.flat():
            number = attempt if in_block else 1
            self.assertIn(forward[number, step.name], (orders.STEP_DONE, orders.SKIPPED))
            self.assertNotIn((number, step.name), play.states(undoing=True))

    @given(PLAYS)
    def test_failure_means_that_whatever_was_begun_is_undone(self, play):
        if play.end.refusal is None:
            return
        undoable = {step.name for step, _ in play.workflow.flat() if step.undo}
        begun = {name for name, state in play.states(undoing=False).items()
                 if state != orders.SKIPPED and name[1] in undoable}
        undone = {name for name, state in play.states(undoing=True).items() if state == orders.STEP_DONE}
        self.assertEqual(begun, undone)

    @given(PLAYS)
    def test_undoing_goes_backwards(self, play):
        place = {step.name: number for number, (step, _) in enumerate(play.workflow.flat())}
        directions = itertools.groupby(play.entries, key=lambda entry: entry.undoing)
        for undone in (list(entries) for undoing, entries in directions if undoing):
            places = [place[entry.step] for entry in undone]
            self.assertEqual(sorted(places, reverse=True), places)

    @given(PLAYS)
    def test_there_are_never_more_attempts_than_allowed(self, play):
        self.assertLessEqual(max((entry.attempt for entry in play.entries), default=1), play.allowed)

    @given(PLAYS)
    def test_a_final_refusal_is_not_tried_again(self, play):
        final = [entry.attempt for entry in play.entries if (entry.result or {}).get('final')]
        if final:
            self.assertEqual(final[0], max(entry.attempt for entry in play.entries))

    @given(PLAYS)
    def test_a_step_is_begun_once_in_each_attempt_and_direction(self, play):
        begun = [(move.attempt, move.step.name, move.undoing) for move in play.moves if isinstance(move, plan.Start)]
        self.assertEqual(len(set(begun)), len(begun))

    @given(PLAYS)
    def test_only_one_step_is_under_way(self, play):
        entries = []
        for move in play.moves:
            if isinstance(move, plan.Start):
                entries.append(move)
        self.assertEqual(len(entries), len(play.entries))
        self.assertEqual([], [entry for entry in play.entries if entry.state == orders.STARTED])

    @settings(max_examples=200)
    @given(PLAYS)
    def test_the_order_in_which_rows_are_read_does_not_matter(self, play):
        shuffled = list(reversed(play.entries))
        again = plan.next_move(play.workflow, shuffled, play.allowed)
        self.assertEqual(play.end, again)

    def test_after_the_point_of_no_return(self):
        workflow = flow.Workflow('w', (make_step('a', True), make_step('b', True, no_return=True),
                                       make_step('c', True)), succeeded=None, failed=lambda at, refusal: None)
        entries = [Entry(1, 'a', False, orders.STEP_DONE), Entry(1, 'b', False, orders.STARTED)]
        self.assertFalse(plan.past_no_return(workflow, entries))
        entries[1].state = orders.STEP_DONE
        self.assertTrue(plan.past_no_return(workflow, entries))

    def test_a_workflow_that_goes_forward_only(self):
        step = make_step('a', False)
        self.assertTrue(plan.past_no_return(flow.Workflow('w', (step,), None, forward_only=True), []))
        self.assertRaises(ValueError, flow.Workflow, 'w', (step,), None)
        self.assertRaises(ValueError, flow.Workflow, 'w', (step,), None, failed=max, forward_only=True)
        self.assertRaises(ValueError, flow.Workflow, 'w', (step, step), None, failed=max)
