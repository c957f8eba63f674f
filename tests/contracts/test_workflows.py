# SPDX-License-Identifier: Apache-2.0
"""An order that was begun before an upgrade is finished by the steps it was begun with."""

import json

import testtools

from tests.contracts import workflows


class WorkflowsTest(testtools.TestCase):
    def test_steps_change_only_with_the_version(self):
        self.assertEqual(
            json.loads(workflows.FILE.read_text()), workflows.steps(),
            'Give the changed workflow a new version, keep the old one in OLDER for one release, then run '
            '`python -m tests.contracts.workflows`.')
