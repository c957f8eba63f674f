# SPDX-License-Identifier: Apache-2.0
"""The bus over a real RabbitMQ that is stopped, started and killed."""

import logging
import subprocess
import sys
import tempfile
import threading
import time

import fixtures
import msgspec
import testtools

from nova_lite import conf, context, errors
from nova_lite.rpc.oslo import OsloBus
from tests.integration import parts as parts_module

DEADLINE = 60

_parts = parts_module.Parts()


def setUpModule():
    global _rabbit
    _rabbit = _parts.rabbitmq()


def tearDownModule():
    _parts.stop()


class Number(msgspec.Struct, frozen=True):
    value: int


class Part:

    def __init__(self):
        self.heard = []
        self.begun = threading.Event()
        self.gate = threading.Event()

    def double(self, context, request: Number) -> Number:
        return Number(request.value * 2)

    def note(self, context, request: Number) -> None:
        self.heard.append(request.value)

    def wait(self, context, request: Number) -> Number:
        self.begun.set()
        self.gate.wait(DEADLINE)
        return request


class RabbitTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.logged = self.useFixture(fixtures.FakeLogger(level=logging.INFO))
        self.rabbit = _rabbit
        self.client = self.bus()

    def bus(self):
        options = conf.new(config_files=[], config_dirs=[])
        bus = OsloBus(options, self.rabbit.url)
        self.addCleanup(bus.close)
        return bus

    def away(self):
        self.rabbit.stop()
        self.addCleanup(self.rabbit.start)

    def serve(self, name='one'):
        part = Part()
        serving = self.bus().serve('part', name, part, threads=4)
        self.addCleanup(serving.stop, 5)
        self.addCleanup(part.gate.set)
        return part, serving

    def double(self, number=1, server='one', timeout=5):
        return self.client.call('part', 'double', Number(number), server=server, reply=Number, timeout=timeout).value

    def queues(self):
        return {line.split()[0] for line in self.rabbit.control('list_queues', 'name').splitlines() if line.strip()}

    def until(self, check):
        """Try `check` until it answers: returns what it returned."""
        deadline = time.monotonic() + DEADLINE
        while True:
            try:
                return check()
            except errors.Unavailable:
                if time.monotonic() > deadline:
                    raise
                threading.Event().wait(0.1)

    def seconds(self, call):
        begin = time.monotonic()
        self.assertRaises(errors.Unavailable, call)
        return time.monotonic() - begin

    def test_calls_and_casts(self):
        part, serving = self.serve()
        self.assertTrue(serving.wait_ready(DEADLINE))
        self.assertEqual(8, self.double(4))
        self.assertEqual(8, self.until(lambda: self.double(4, server=None)))
        with context.bound(context.RequestContext(user_id='u')):
            self.client.cast('part', 'note', Number(3), server='one')
        self.assertEqual(2, self.double())
        self.assertEqual([3], part.heard)

    def test_an_absent_host_is_known_at_once(self):
        self.assertLess(self.seconds(lambda: self.double(server='absent')), 4)
        self.client.cast('part', 'note', Number(3), server='absent')
        self.assertIn('nobody listens there', self.logged.output)

    def test_few_queues(self):
        before = self.queues()
        _, serving = self.serve('few')
        serving.wait_ready(DEADLINE)
        self.double(server='few')
        new = sorted(name.split('_')[0] for name in self.queues() - before - {'part'})
        self.assertEqual(['part', 'part.few', 'reply'], new)

    def test_a_restart_loses_no_answer(self):
        part, serving = self.serve()
        serving.wait_ready(DEADLINE)
        answers = []
        caller = threading.Thread(target=lambda: answers.append(
            self.client.call('part', 'wait', Number(7), server='one', reply=Number, timeout=DEADLINE)))
        caller.start()
        self.assertTrue(part.begun.wait(DEADLINE))
        self.away()
        part.gate.set()
        self.assertLess(self.seconds(self.double), 7)
        begin = time.monotonic()
        self.client.cast('part', 'note', Number(1), server='one')
        self.assertLess(time.monotonic() - begin, 7)
        self.rabbit.start()
        self.assertEqual(2, self.until(self.double))
        caller.join(DEADLINE)
        self.assertEqual([Number(7)], answers)

    def test_many_callers_get_through_a_restart(self):
        _, serving = self.serve()
        serving.wait_ready(DEADLINE)
        done = []

        def work(number):
            for turn in range(20):
                done.append(self.until(lambda turn=turn: self.double(number + turn)) == 2 * (number + turn))
                if turn == 5:
                    barrier.wait()

        barrier = threading.Barrier(9)
        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        barrier.wait(DEADLINE)
        self.away()
        self.rabbit.start()
        for thread in threads:
            thread.join(DEADLINE)
        self.assertEqual([True] * 160, done)

    def test_a_daemon_of_green_threads(self):
        with tempfile.NamedTemporaryFile('w', suffix='.conf') as file:
            file.write(f'[DEFAULT]\nconcurrency_backend = eventlet\ntransport_url = {self.rabbit.url}\n')
            file.flush()
            process = subprocess.Popen(
                [sys.executable, '-m', 'tests.integration.rpc_server', 'green', '--config-file', file.name],
                cwd=parts_module.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            self.addCleanup(process.stdout.close)
            self.addCleanup(process.wait)
            self.addCleanup(process.kill)
            self.assertEqual(6, self.until(lambda: self.double(3, server='green')))
            self.away()
            self.assertRaises(errors.Unavailable, self.double, server='green')
            self.rabbit.start()
            self.assertEqual(6, self.until(lambda: self.double(3, server='green')))
            process.terminate()
            said = process.communicate(timeout=DEADLINE)[0]
        self.assertEqual(0, process.returncode, said)
        self.assertIn('is ready (eventlet)', said)
        self.assertNotIn(self.rabbit.url, said)

    def test_start_and_stop_while_it_is_away(self):
        self.away()
        _, serving = self.serve()
        _, unwanted = self.serve('unwanted')
        self.assertFalse(serving.wait_ready(3))
        self.assertIn('Waiting for the message bus to serve part at one', self.logged.output)
        self.assertLess(self.seconds(lambda: self.double(timeout=2)), 3)
        self.assertIn('Connection failed', self.logged.output)
        self.assertTrue(unwanted.stop(5))
        self.rabbit.start()
        self.assertTrue(serving.wait_ready(DEADLINE))
        self.assertEqual(2, self.until(self.double))
        self.rabbit.stop()
        self.assertTrue(serving.stop(10))
