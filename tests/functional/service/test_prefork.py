# SPDX-License-Identifier: Apache-2.0
"""A WSGI daemon of several processes: workers killed, master killed, drained, reloaded."""

import http.client
import os
import signal
import socket
import threading
import time

from tests.functional.service.processes import DEADLINE, ProgramTest


class PreforkTest(ProgramTest):

    def setUp(self):
        super().setUp()
        with socket.create_server(('127.0.0.1', 0)) as free:
            self.port = free.getsockname()[1]

    def serve(self, options='', **more):
        return self.ready('wsgi', options, environ={'PORT': str(self.port)}, **more)

    def get(self, path='/'):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=DEADLINE)
        try:
            connection.request('GET', path)
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def until(self, check):
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            if check():
                return
            time.sleep(0.02)
        self.fail('it did not come true in time')

    def workers(self, count=2):
        """The pids of `count` workers, asked for until all have answered."""
        pids = set()
        self.until(lambda: pids.add(int(self.get().split()[0])) or len(pids) == count)
        return pids

    def gone(self, pid):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        with open(f'/proc/{pid}/stat') as file:
            return file.read().rsplit(')', 1)[1].split()[0] == 'Z'

    def test_a_killed_worker_is_replaced_and_missed_by_nobody(self):
        program = self.serve()
        victim, survivor = self.workers()
        problems, stop = [], threading.Event()

        def ask():
            while not stop.is_set():
                try:
                    self.get()
                except OSError as error:
                    problems.append(error)

        asker = threading.Thread(target=ask)
        asker.start()
        os.kill(victim, signal.SIGKILL)
        program.hear(f'Worker {victim} ended (killed by SIGKILL)')
        new = set()
        self.until(lambda: new.update({int(self.get().split()[0])} - {victim, survivor}) or new)
        stop.set()
        asker.join(DEADLINE)
        # The one request that was in the killed worker's hands may be lost with it.
        self.assertLessEqual(len(problems), 1)
        program.signal(signal.SIGTERM)
        self.assertEqual(0, program.end())

    def test_sigterm_lets_answers_be_given(self):
        program = self.serve()
        answers = []
        asker = threading.Thread(target=lambda: answers.append(self.get('/slow')))
        asker.start()
        program.hear('slow begins')
        program.signal(signal.SIGTERM)
        asker.join(DEADLINE)
        self.assertEqual(1, len(answers))
        self.assertEqual(0, program.end())
        self.assertRaises(OSError, self.get)

    def test_sighup_reaches_every_worker(self):
        program = self.serve()
        before = self.workers()
        self.assertEqual('False', self.get().split()[1])
        program.config.write_text('[DEFAULT]\ndebug = true\n')
        program.signal(signal.SIGHUP)
        self.assertTrue(program.notified('RELOADING=1'))
        changed = set()
        self.until(lambda: changed.update(
            {words[0] for words in [self.get().split()] if words[1] == 'True'}) or len(changed) == 2)
        self.assertEqual(before, {int(pid) for pid in changed})

    def test_a_taken_port_is_told(self):
        self.serve()
        second = self.start('wsgi', environ={'PORT': str(self.port)})
        self.assertEqual(1, second.end())
        self.assertIn(f'Port {self.port} of 127.0.0.1 is taken by another process.', '\n'.join(second.said))
        self.assertNotIn('Traceback', '\n'.join(second.said))

    def test_workers_do_not_outlive_their_master(self):
        program = self.serve()
        pids = self.workers()
        program.signal(signal.SIGKILL)
        self.until(lambda: all(self.gone(pid) for pid in pids))
        self.assertRaises(OSError, self.get)

    def test_a_sick_worker_is_replaced(self):
        program = self.serve(watchdog=1)
        self.assertTrue(program.notified('WATCHDOG=1'))
        sick = int(self.get('/sick').split()[0])
        program.hear(f'Worker {sick} is silent and is killed')
        self.until(lambda: self.gone(sick))
        self.assertNotIn(sick, self.workers())
