# SPDX-License-Identifier: Apache-2.0
"""An order is finished by the version of its workflow that began it."""

import dataclasses

import testtools

from nova_lite import errors, states
from nova_lite.conductor import workflows
from tests.functional import workflow_checks as checks
from tests.functional.lab import Lab


class VersionsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(workflows.OLDER.clear)
        trouble = checks.Trouble(lambda: errors.Unavailable('not now'), times=3)
        self.begun = checks.broken(workflows.BY_OPERATION['build'], 'start_guest', checks.BEFORE, trouble)
        self.newer = dataclasses.replace(workflows.BY_OPERATION['build'], steps=(), version=2)
        self.lab = Lab(altered={'build': self.begun})
        self.addCleanup(self.lab.close)
        self.server = self.lab.create()
        self.lab.executor.run_until(lambda: trouble.hits == 1)
        self.lab.workflows['build'] = self.newer

    def test_the_last_releases_order_is_finished_by_its_own_steps(self):
        workflows.OLDER['build', 1] = self.begun
        self.lab.settle()
        self.assertEqual(states.ACTIVE, self.lab.server(self.server).vm_state)
        self.lab.check_nothing_extra()

    def test_an_order_of_an_unknown_version_waits_for_a_conductor_that_knows_it(self):
        self.assertRaises(AssertionError, self.lab.settle, 120)
        self.lab.workflows['build'] = self.begun
        self.lab.settle()
        self.assertEqual(states.ACTIVE, self.lab.server(self.server).vm_state)
