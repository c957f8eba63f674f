# SPDX-License-Identifier: Apache-2.0
"""Every workflow against the generic checks."""

import testtools

from tests.functional import workflow_checks as checks


def _add(name, function, *arguments):
    def test(self):
        function(*arguments)
    test.__name__ = 'test_' + '_'.join([name, *(str(argument) for argument in arguments)])
    setattr(WorkflowChecks, test.__name__, test)


class WorkflowChecks(testtools.TestCase):
    """Filled below: one test each operation, step, and place of the trouble."""


# What has begun to be deleted is never undone: its refusals are `test_stuck`'s.
_TURNS_BACK = [operation for operation in checks.CASES if checks.CASES[operation][2] is not None]

for _operation in checks.CASES:
    for _step in checks.steps_of(_operation):
        for _when in (checks.BEFORE, checks.AFTER):
            _add('crash', checks.crash_in_step, _operation, _step, _when)
            _add('crash_of_a_slow', checks.crash_in_step, _operation, _step, _when, 5.0)
            _add('answer_lost', checks.answer_lost_in_step, _operation, _step, _when)
            if _operation in _TURNS_BACK:
                _add('refusal', checks.refusal_in_step, _operation, _step, _when)
                _add('delete', checks.delete_in_step, _operation, _step, _when)
    for _refused in checks.steps_of(_operation) if _operation in _TURNS_BACK else ():
        for _undone in checks.steps_of(_operation, with_undo=True):
            for _when in (checks.BEFORE, checks.AFTER):
                if checks.steps_of(_operation).index(_undone) <= checks.steps_of(_operation).index(_refused):
                    _add('crash_undoing', checks.crash_in_undo, _operation, _refused, _undone, _when)
