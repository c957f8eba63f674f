# SPDX-License-Identifier: Apache-2.0
"""The workflow tests and the whole cloud once more with `concurrency_backend = eventlet`, in a process of its own."""

import os
import subprocess
import sys

import testtools

from devstack import settings
from tests.integration import parts

_MAIN = '''
import sys
from nova_lite.service import concurrency
assert concurrency.prepare([]) == 'eventlet'
import testtools.run
testtools.run.main(argv=sys.argv, stdout=sys.stdout)
'''


class GreenTest(testtools.TestCase):
    def run_green(self, *modules):
        done = subprocess.run(
            [sys.executable, '-c', _MAIN, *modules], cwd=settings.REPOSITORY, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600, check=False,
            env={**os.environ, 'OS_NOVA_CONCURRENCY_BACKEND': 'eventlet'})
        self.assertEqual(0, done.returncode, done.stdout[-8000:])

    def test_cloud(self):
        self.run_green('tests.functional.test_cloud')

    @parts.deep
    def test_workflows(self):
        names = ('checks', 'adoption', 'reports', 'stuck')
        self.run_green(*(f'tests.functional.workflows.test_{name}' for name in names))
