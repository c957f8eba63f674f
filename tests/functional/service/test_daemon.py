# SPDX-License-Identifier: Apache-2.0
"""The life of a daemon as its service manager and its operator see it: real processes and signals."""

import signal
import time

from tests.functional.service.processes import ProgramTest


class DaemonTest(ProgramTest):

    ENVIRON = {'OS_NOVA_CONCURRENCY_BACKEND': 'threading'}
    THREADS = 'native'

    def start(self, kind, options='', **more):
        return super().start(kind, options, environ=self.ENVIRON, **more)

    def test_sigterm_lets_work_end(self):
        program = self.ready('work')
        self.assertIn(self.THREADS, program.hear('starting'))
        program.hear('work begins')
        program.signal(signal.SIGTERM)
        self.assertTrue(program.notified('STOPPING=1'))
        self.assertEqual(0, program.end())
        words = [line for line in program.said if line in ('drain', 'stop', 'work ends')]
        self.assertEqual({'drain', 'stop', 'work ends'}, set(words))
        self.assertLess(words.index('drain'), words.index('stop'))

    def test_sigint_is_the_same(self):
        program = self.ready('idle')
        program.signal(signal.SIGINT)
        self.assertEqual(0, program.end())

    def test_work_that_does_not_end_holds_nobody_up(self):
        program = self.ready('stuck', 'graceful_shutdown_timeout = 1')
        program.hear('work begins')
        begin = time.monotonic()
        program.signal(signal.SIGTERM)
        self.assertEqual(0, program.end())
        self.assertLess(time.monotonic() - begin, 8)

    def test_a_second_signal_ends_at_once(self):
        program = self.ready('stuck', 'graceful_shutdown_timeout = 0')
        program.hear('work begins')
        program.signal(signal.SIGTERM)
        program.hear('stop')
        program.signal(signal.SIGTERM)
        self.assertEqual(1, program.end())

    def test_sighup_reads_mutable_options_again(self):
        program = self.ready('idle')
        program.config.write_text('[DEFAULT]\ndebug = true\n')
        program.signal(signal.SIGHUP)
        program.hear('reload True')
        self.assertTrue(program.notified('RELOADING=1'))
        self.assertTrue(program.notified('READY=1'))
        program.config.write_text('[DEFAULT]\nthis is no option file\n')
        program.signal(signal.SIGHUP)
        program.hear('not read again')
        self.assertTrue(program.notified('READY=1'))
        program.signal(signal.SIGTERM)
        self.assertEqual(0, program.end())

    def test_a_part_that_cannot_start(self):
        program = self.start('broken')
        self.assertEqual(1, program.end())
        self.assertIn('program could not start', '\n'.join(program.said))

    def test_a_signal_ends_the_waiting_for_others(self):
        program = self.start('waiting')
        program.hear('Waiting for something: not there')
        program.signal(signal.SIGTERM)
        self.assertEqual(0, program.end())

    def test_a_part_that_can_do_no_more_good(self):
        program = self.start('fenced')
        self.assertEqual(1, program.end())
        self.assertIn('the lease is lost', '\n'.join(program.said))

    def test_the_watchdog_is_fed_while_all_is_well(self):
        program = self.ready('idle', watchdog=0.6)
        for _ in range(3):
            self.assertTrue(program.notified('WATCHDOG=1'))
        sick = self.ready('sick', watchdog=0.6)
        sick.hear('Not healthy: part has been silent')
        while sick.notified('WATCHDOG=1', timeout=1):
            pass


class GreenDaemonTest(DaemonTest):

    ENVIRON = {'OS_NOVA_CONCURRENCY_BACKEND': 'eventlet'}
    THREADS = 'green'
