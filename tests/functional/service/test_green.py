# SPDX-License-Identifier: Apache-2.0
"""The unit tests of the shared layers once more, on green threads: in a process of its own, patched from the start."""

import os
import subprocess
import sys

import testtools

from tests.functional.service.processes import ROOT

_MAIN = '''
import sys
from nova_lite.service import concurrency
assert concurrency.prepare([]) == 'eventlet'
import testtools.run
testtools.run.main(argv=sys.argv, stdout=sys.stdout)
'''
_MODULES = (
    'tests.unit.service.test_executor', 'tests.unit.service.test_wsgi', 'tests.unit.clients.test_http',
    'tests.unit.clients.test_glance', 'tests.unit.rpc.test_bus',
)


class GreenTest(testtools.TestCase):

    def test_the_shared_layers(self):
        done = subprocess.run(
            [sys.executable, '-c', _MAIN, *_MODULES], cwd=ROOT, capture_output=True, text=True, timeout=120,
            check=False, env={**os.environ, 'OS_NOVA_CONCURRENCY_BACKEND': 'eventlet'})
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        self.assertIn('OK', done.stdout)
