# SPDX-License-Identifier: Apache-2.0
"""Pid files: only what was started here is recognised, waited for and ended."""

import pathlib
import shutil
import subprocess
import tempfile

import testtools

from devstack import notify, ports, process
from devstack.errors import DevstackError
from devstack.layout import Layout

# Says it is there, then waits for ever; obeys SIGTERM or not.
OBEDIENT = ['sh', '-c', 'echo ready; exec sleep 600']
STUBBORN = ['sh', '-c', 'trap "" TERM; sleep 600 & echo $! ready; while :; do wait; done']


class ProcessTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.layout = Layout(tempfile.mkdtemp()).create()
        self.addCleanup(shutil.rmtree, self.layout.path)
        self.addCleanup(lambda: [process.kill(self.layout, name) for name in process.names(self.layout)])

    def _start(self, argv, name='one'):
        pid = process.start(self.layout, name, argv)
        process.wait_for(lambda: 'ready' in self.layout.log_file(name).read_text(), 'ready', 20, self.layout, name)
        return pid

    def test_start_twice_is_one_process(self):
        self.assertEqual(self._start(OBEDIENT), self._start(OBEDIENT))

    def test_stop(self):
        pid = self._start(OBEDIENT)
        self.assertTrue(process.stop(self.layout, 'one'))
        self.assertIsNone(process.identity(pid))
        self.assertFalse(process.stop(self.layout, 'one'))
        self.assertEqual([], process.names(self.layout))

    def test_stop_ends_the_stubborn_with_its_children(self):
        pid = self._start(STUBBORN)
        process.stop(self.layout, 'one', timeout=0.3)
        self.assertIsNone(process.identity(pid))
        child = int(self.layout.log_file('one').read_text().split()[0])
        process.wait_for(lambda: process.identity(child) is None, 'the end of the child', 10, self.layout)

    def test_another_process_with_our_number_is_left_alone(self):
        other = subprocess.Popen(OBEDIENT, stdout=subprocess.DEVNULL, start_new_session=True)
        self.addCleanup(other.wait)
        self.addCleanup(other.kill)
        self._start(OBEDIENT)
        process.stop(self.layout, 'one')
        self.layout.pid_file('one').write_text(f'{other.pid}\n')
        self.assertIsNone(process.running(self.layout, 'one'))
        self.assertFalse(process.stop(self.layout, 'one'))
        self.assertIsNone(other.poll())

    def test_killed_and_started_again(self):
        first = self._start(OBEDIENT)
        self.assertTrue(process.kill(self.layout, 'one'))
        self.assertIsNone(process.running(self.layout, 'one'))
        self.assertEqual(OBEDIENT, process.command_line(self.layout, 'one'))
        self.assertNotEqual(first, process.start(self.layout, 'one', process.command_line(self.layout, 'one')))
        self.assertIsNotNone(process.running(self.layout, 'one'))
        self.assertRaises(DevstackError, process.command_line, self.layout, 'never')

    def test_ready_when_it_says_so(self):
        code = ('import os, socket; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); '
                's.connect(os.environ["NOTIFY_SOCKET"]); s.send(b"STATUS=soon"); s.send(b"READY=1\\nSTATUS=there"); '
                '__import__("time").sleep(600)')
        notify.start(self.layout, 'one', ['python3', '-c', code])
        self.assertIsNotNone(process.running(self.layout, 'one'))
        self.assertRaises(DevstackError, notify.start, self.layout, 'two', ['true'])
        self.assertRaises(DevstackError, notify.start, self.layout, 'three', OBEDIENT, timeout=0.5)

    def test_waiting_ends_when_the_process_does(self):
        process.start(self.layout, 'one', ['sh', '-c', 'echo a reason; exit 3'])
        error = self.assertRaises(DevstackError, process.wait_for, lambda: False, 'it', 20, self.layout, 'one')
        self.assertIn('one ended', str(error))
        self.assertIn('a reason', error.tail())

    def test_waiting_ends_in_time(self):
        error = self.assertRaises(DevstackError, process.wait_for, lambda: False, 'it', 0.2, self.layout)
        self.assertIn('it was not there', str(error))

    def test_a_failing_command_shows_its_log(self):
        failing = ['sh', '-c', 'echo why >&2; exit 4']
        error = self.assertRaises(DevstackError, process.command, self.layout, 'x', failing)
        self.assertIn('(4)', str(error))
        self.assertIn('why', error.tail())
        self.assertEqual('fine\n', process.command(self.layout, 'x', ['echo', 'fine']))
        self.assertRaises(DevstackError, process.command, self.layout, 'x', ['sleep', '60'], timeout=0.1)
        self.assertRaises(DevstackError, process.command, self.layout, 'x', ['/no/such/program'])


class PortsTest(testtools.TestCase):

    def test_a_taken_port_is_named_with_its_holder(self):
        port = ports.unused()
        ports.require(port, 'X_PORT', 'nothing')
        self.assertTrue(ports.is_free(port))
        holder = subprocess.Popen(['python3', '-c', f'import socket; s = socket.create_server(("127.0.0.1", {port})); '
                                   'print("ready", flush=True); s.accept()'], stdout=subprocess.PIPE)
        self.addCleanup(holder.stdout.close)
        self.addCleanup(holder.wait)
        self.addCleanup(holder.kill)
        holder.stdout.readline()
        error = self.assertRaises(DevstackError, ports.require, port, 'X_PORT', 'the test')
        self.assertIn(f'port {port} for the test is taken', str(error))
        self.assertIn('X_PORT=', str(error))
        if pathlib.Path('/proc/net/tcp').exists():
            self.assertIn(f'(pid {holder.pid})', str(error))
