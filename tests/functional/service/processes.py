# SPDX-License-Identifier: Apache-2.0
"""Starts the program, hears what it says, and is its service manager."""

import os
import pathlib
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import testtools

PROGRAM = pathlib.Path(__file__).with_name('program.py')
ROOT = PROGRAM.parents[3]
DEADLINE = 20


class Program:
    """One running program: its lines, its notifications, its end."""

    def __init__(self, kind, options='', environ=None, watchdog=None):
        self._folder = tempfile.TemporaryDirectory()
        self.config = pathlib.Path(self._folder.name, 'nova.conf')
        self.config.write_text(f'[DEFAULT]\n{options}\n')
        address = os.path.join(self._folder.name, 'notify')
        self._manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._manager.bind(address)
        environ = {**os.environ, 'NOTIFY_SOCKET': address, **(environ or {})}
        if watchdog is not None:
            environ['WATCHDOG_USEC'] = str(int(watchdog * 1e6))
        self.process = subprocess.Popen(
            [sys.executable, PROGRAM, kind, '--config-file', self.config], cwd=ROOT, env=environ,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        self._lines = queue.Queue()
        self.said = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def hear(self, words):
        """Wait for a line with `words` in it; returns the line."""
        deadline = time.monotonic() + DEADLINE
        while (left := deadline - time.monotonic()) > 0:
            try:
                line = self._lines.get(timeout=left)
            except queue.Empty:
                break
            if line is None:
                break
            if words in line:
                return line
        raise AssertionError(f'{words!r} was not said, but:\n' + '\n'.join(self.said))

    def notified(self, words, timeout=DEADLINE):
        """Wait for a notification with `words` in it; False if there is none in time."""
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            self._manager.settimeout(left)
            try:
                if words in self._manager.recv(1000).decode():
                    return True
            except TimeoutError:
                break
        return False

    def signal(self, number):
        self.process.send_signal(number)

    def end(self):
        """Wait for the end; returns the exit code."""
        code = self.process.wait(DEADLINE)
        self._reader.join(DEADLINE)
        return code

    def remove(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self._reader.join(DEADLINE)
        self.process.stdout.close()
        self._manager.close()
        self._folder.cleanup()

    def _read(self):
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            self._lines.put(line.rstrip())
        self._lines.put(None)


class ProgramTest(testtools.TestCase):

    def start(self, kind, options='', **more):
        program = Program(kind, options, **more)
        self.addCleanup(program.remove)
        return program

    def ready(self, *args, **more):
        program = self.start(*args, **more)
        if not program.notified('READY=1'):
            raise AssertionError('not ready:\n' + '\n'.join(program.said))
        return program
