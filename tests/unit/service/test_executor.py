# SPDX-License-Identifier: Apache-2.0
"""The executor: soon, later, again and again, and an end."""

import random
import threading

import testtools

from nova_lite.service import executor

DEADLINE = 10


class ExecutorTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.executor = executor.ThreadExecutor(2, random.Random(1))
        self.addCleanup(self.executor.shutdown, True, DEADLINE)

    def test_submit(self):
        self.assertEqual(5, self.executor.submit(lambda a, b: a + b, 2, 3).result(DEADLINE))
        failed = self.executor.submit(int, 'x')
        self.assertIsInstance(failed.exception(DEADLINE), ValueError)

    def test_call_later_keeps_the_order_of_time(self):
        heard, done = [], threading.Event()
        self.executor.call_later(0.10, lambda: (heard.append('late'), done.set()))
        self.executor.call_later(0.01, heard.append, 'early')
        self.executor.call_later(0.05, heard.append, 'cancelled').cancel()
        self.assertTrue(done.wait(DEADLINE))
        self.assertEqual(['early', 'late'], heard)

    def test_every_survives_a_failure_and_busy_workers(self):
        gate = threading.Event()
        self.addCleanup(gate.set)
        for _ in range(5):
            self.executor.submit(gate.wait, DEADLINE)
        beats, enough = [], threading.Event()

        def beat():
            beats.append(1)
            if len(beats) == 3:
                enough.set()
            raise RuntimeError('once more')

        handle = self.executor.every(0.01, beat, jitter=0.5)
        self.assertTrue(enough.wait(DEADLINE))
        handle.cancel()

    def test_shutdown_waits_for_what_runs_and_drops_the_rest(self):
        started, gate, dropped = threading.Event(), threading.Event(), []
        self.executor.submit(lambda: (started.set(), gate.wait(DEADLINE)))
        self.executor.call_later(0.2, dropped.append, 1)
        self.assertTrue(started.wait(DEADLINE))
        self.assertFalse(self.executor.shutdown(wait=True, timeout=0.05))
        gate.set()
        self.assertTrue(self.executor.shutdown(wait=True, timeout=DEADLINE))
        self.assertRaises(RuntimeError, self.executor.submit, print)
        self.assertEqual([], dropped)
