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
_BLOCKED = '''
from nova_lite.service import concurrency
concurrency.prepare([])
import threading
from eventlet import patcher
time = patcher.original('time')
native, green = [], []

def beat():
    for _ in range(5):
        native.append(1)
        time.sleep(0.05)

concurrency.native_thread(beat, 'lease')
time.sleep(0.6)  # nothing green can run meanwhile
assert len(native) == 5, native
stop = threading.Event()

def tick():
    while not stop.wait(0.02):
        green.append(1)

threading.Thread(target=tick, daemon=True).start()
concurrency.tpool(time.sleep, 0.5)
stop.set()
assert len(green) > 5, green
'''
_MODULES = (
    'tests.unit.service.test_executor', 'tests.unit.service.test_wsgi', 'tests.unit.clients.test_http',
    'tests.unit.clients.test_glance', 'tests.unit.rpc.test_bus',
)


class GreenTest(testtools.TestCase):

    def run_green(self, program, *arguments):
        done = subprocess.run(
            [sys.executable, '-c', program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120,
            check=False, env={**os.environ, 'OS_NOVA_CONCURRENCY_BACKEND': 'eventlet'})
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        return done.stdout

    def test_the_shared_layers(self):
        self.assertIn('OK', self.run_green(_MAIN, *_MODULES))

    def test_native_threads_and_blocking_calls(self):
        self.run_green(_BLOCKED)
