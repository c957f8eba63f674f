# SPDX-License-Identifier: Apache-2.0
"""Waiting, health, masking, the choice of the backend, and what systemd is told."""

import logging
import os
import socket
import tempfile
import threading
import time

import fixtures
import testtools

from nova_lite.service import clock, concurrency, health, logs, systemd, wait


class WaitTest(testtools.TestCase):

    def test_waits_says_so_and_goes_on(self):
        logged = self.useFixture(fixtures.FakeLogger(level=logging.INFO))
        answers = [OSError('refused'), 'there']

        def check():
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        self.assertEqual('there', wait.until(check, 'the database', threading.Event()))
        self.assertIn('Waiting for the database: refused', logged.output)
        self.assertIn('the database is there', logged.output)

    def test_a_stop_ends_the_waiting(self):
        stopping = threading.Event()

        def check():
            stopping.set()
            raise OSError('refused')

        self.assertRaises(wait.Stopped, wait.until, check, 'the database', stopping)

    def test_what_is_not_awaited_is_raised(self):
        self.assertRaises(
            ValueError, wait.until, lambda: int('x'), 'a number', threading.Event(), retry_on=(OSError,))


class HealthTest(testtools.TestCase):

    def test_a_silent_part_is_a_problem_until_it_beats(self):
        now = [100.0]
        parts = health.Health(lambda: now[0])
        beat = parts.watch('lease', 10)
        now[0] += 9
        self.assertEqual([], parts.problems())
        now[0] += 2
        self.assertEqual(['lease has been silent for 11 s (limit 10 s)'], parts.problems())
        beat()
        self.assertEqual([], parts.problems())
        now[0] += 20
        parts.forget('lease')
        self.assertEqual([], parts.problems())


class MaskTest(testtools.TestCase):

    def test_secrets_are_hidden(self):
        token = 'gAAAAABk' + 'x' * 60
        for text in (
            f'X-Auth-Token: {token}', f'{{"token": "{token}"}}', "{'X-Service-Token': 'abcdef'}",
            'mysql+pymysql://nova:hunter2@localhost/nova', 'rabbit://nova:hunter2@127.0.0.1:5672/',
            '"adminPass": "hunter2"', "{'admin_password': 'hunter2'}", 'password=hunter2', '{"user_data": "hunter2"}',
        ):
            masked = logs.mask(text)
            self.assertIn('***', masked, text)
            for secret in (token, 'hunter2', 'abcdef'):
                self.assertNotIn(secret, masked)

    def test_the_rest_stays(self):
        for text in ('GET /servers?limit=5 200', 'http://host:8774/v2.1', 'auth_token: None', 'req-0a: done',
                     'the password is too short'):
            self.assertEqual(text, logs.mask(text))

    def test_what_ends_a_thread_is_logged(self):
        logged = self.useFixture(fixtures.FakeLogger())
        self.useFixture(fixtures.MonkeyPatch('threading.excepthook', logs._log_thread_error))
        thread = threading.Thread(target=int, args=('x',), name='worker-7')
        thread.start()
        thread.join(10)
        self.assertIn('worker-7 ended with an error', logged.output)
        self.assertIn('ValueError', logged.output)

    def test_tracebacks_are_covered(self):
        formatter = logs.MaskingFormatter(logging.Formatter())
        try:
            raise ValueError('mysql://nova:hunter2@localhost')
        except ValueError as error:
            problem = (ValueError, error, error.__traceback__)
        record = logging.LogRecord('n', logging.ERROR, 'p', 1, 'failed', (), problem)
        self.assertNotIn('hunter2', formatter.format(record))
        self.assertIn('failed', formatter.format(record))


class BackendTest(testtools.TestCase):

    def configured(self, text):
        file = tempfile.NamedTemporaryFile('w', suffix='.conf')
        self.addCleanup(file.close)
        file.write(text)
        file.flush()
        return file.name

    def test_from_a_file(self):
        path = self.configured(
            '[DEFAULT]\n# concurrency_backend = eventlet\nhost = x\nconcurrency_backend = eventlet\n[other]\n'
            'concurrency_backend = threading\n')
        self.assertEqual('eventlet', concurrency.wanted(['--config-file', path], {}))
        self.assertEqual('eventlet', concurrency.wanted([f'--config-file={path}', '--debug'], {}))
        self.assertEqual('threading', concurrency.wanted(['--config-file', '/nonexistent'], {}))

    def test_from_a_folder_the_last_file_wins(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for name, backend in (('a', 'eventlet'), ('b', 'threading'), ('c', 'auto')):
            with open(os.path.join(folder.name, f'{name}.conf'), 'w') as file:
                file.write(f'[DEFAULT]\nconcurrency_backend: {backend}\n')
        self.assertEqual('threading', concurrency.wanted(['--config-dir', folder.name], {}))

    def test_the_environment_wins(self):
        path = self.configured('[DEFAULT]\nconcurrency_backend = threading\n')
        environ = {'OS_NOVA_CONCURRENCY_BACKEND': 'eventlet'}
        self.assertEqual('eventlet', concurrency.wanted(['--config-file', path], environ))

    def test_an_unknown_name_is_refused(self):
        path = self.configured('[DEFAULT]\nconcurrency_backend = fibers\n')
        self.assertRaises(SystemExit, concurrency.wanted, ['--config-file', path], {})

    def test_without_green_threads_nothing_changes(self):
        self.assertFalse(concurrency.is_green())
        self.assertEqual(3, concurrency.tpool(max, 1, 3))
        done = threading.Event()
        concurrency.native_thread(done.set, 'n').join(10)
        self.assertTrue(done.is_set())


class SystemdTest(testtools.TestCase):

    def test_lines_reach_the_socket(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, 'notify')
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(path)
            manager.settimeout(10)
            self.useFixture(fixtures.EnvironmentVariable('NOTIFY_SOCKET', path))
            systemd.ready('Serving')
            self.assertEqual(b'READY=1\nSTATUS=Serving', manager.recv(1000))
            systemd.reloading()
            self.assertRegex(manager.recv(1000), rb'^RELOADING=1\nMONOTONIC_USEC=\d+$')
        systemd.notify('READY=1')

    def test_without_a_manager(self):
        self.useFixture(fixtures.EnvironmentVariable('NOTIFY_SOCKET'))
        systemd.stopping()

    def test_the_watchdog_is_for_the_process_that_is_named(self):
        self.useFixture(fixtures.EnvironmentVariable('WATCHDOG_USEC', '3000000'))
        self.useFixture(fixtures.EnvironmentVariable('WATCHDOG_PID'))
        self.assertEqual(3.0, systemd.watchdog_interval())
        self.useFixture(fixtures.EnvironmentVariable('WATCHDOG_PID', '1'))
        self.assertIsNone(systemd.watchdog_interval())


class ClockTest(testtools.TestCase):

    def test_the_systems_clock(self):
        one = clock.SystemClock()
        self.assertAlmostEqual(time.time(), one.now().timestamp(), delta=5)
        self.assertEqual(0, one.now().utcoffset().total_seconds())
        self.assertLessEqual(one.monotonic(), one.monotonic())
