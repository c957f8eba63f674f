# SPDX-License-Identifier: Apache-2.0
"""What every bus promises, checked with the one inside a process and with oslo.messaging's in-memory driver."""

import threading

import fixtures
import msgspec
import testtools

from nova_lite import conf, context, errors
from nova_lite.rpc.client import Client
from nova_lite.rpc.codec import RemoteFailure
from nova_lite.rpc.endpoint import Endpoint
from nova_lite.rpc.local import LocalBus
from nova_lite.rpc.oslo import OsloBus
from nova_lite.service import executor

DEADLINE = 10


class Number(msgspec.Struct, frozen=True):
    value: int


class Asker(msgspec.Struct, frozen=True):
    request_id: str
    user_id: str | None
    bound: bool
    token: str | None
    server: str


class Part:
    """The endpoint."""

    def __init__(self, name):
        self.name = name
        self.heard = []
        self.begun = threading.Event()
        self.gate = threading.Event()
        self.cast = threading.Event()

    def double(self, context, request: Number) -> Number:
        return Number(request.value * 2)

    def who(self, asker, request: Number) -> Asker:
        return Asker(asker.request_id, asker.user_id, context.current() is asker, asker.auth_token, self.name)

    def note(self, context, request: Number) -> None:
        self.heard.append(request.value)
        self.cast.set()

    def refuse(self, context, request: Number) -> None:
        raise errors.Conflict('busy', value=request.value)

    def break_down(self, context, request: Number) -> None:
        raise ValueError('hunter2')

    def wait(self, context, request: Number) -> Number:
        self.begun.set()
        self.gate.wait(DEADLINE)
        return request


class Parts(Client):
    topic = 'part'

    def double(self, number, server=None):
        return self._call('double', number, server=server, reply=Number, timeout=DEADLINE)

    def note(self, number, server=None):
        self._cast('note', number, server=server)


class BusChecks:
    """The promises. A subclass sets `bus` in setUp."""

    def serve(self, name='one'):
        part = Part(name)
        serving = self.bus.serve('part', name, part, threads=4)
        self.addCleanup(serving.stop, DEADLINE)
        self.addCleanup(part.gate.set)
        self.assertTrue(serving.wait_ready(DEADLINE))
        return part, serving

    def call(self, method, number=1, **more):
        return self.bus.call('part', method, Number(number), timeout=more.pop('timeout', DEADLINE), **more)

    def test_a_call_is_answered(self):
        self.serve()
        self.assertEqual(Number(8), self.call('double', 4, reply=Number))
        self.assertEqual(Number(8), self.call('double', 4, reply=Number, server='one'))
        self.assertEqual(Number(8), Parts(self.bus).double(Number(4)))

    def test_a_call_goes_to_the_server_that_is_named(self):
        for name in ('one', 'two', 'three'):
            self.serve(name)
        for name in ('two', 'one', 'three'):
            self.assertEqual(name, self.call('who', server=name, reply=Asker).server)

    def test_a_cast_arrives(self):
        part, _ = self.serve()
        Parts(self.bus).note(Number(5), server='one')
        self.assertTrue(part.cast.wait(DEADLINE))
        self.assertEqual([5], part.heard)

    def test_the_asker_goes_along_without_the_token(self):
        self.serve()
        asker = context.RequestContext(user_id='u', auth_token='secret')
        with context.bound(asker):
            heard = self.call('who', reply=Asker)
        self.assertEqual((asker.request_id, 'u', True, None), (
            heard.request_id, heard.user_id, heard.bound, heard.token))
        other = context.RequestContext(user_id='v')
        self.assertEqual('v', self.call('who', reply=Asker, context=other).user_id)
        self.assertIsNone(self.call('who', reply=Asker).user_id)

    def test_errors_cross(self):
        logged = self.useFixture(fixtures.FakeLogger())
        self.serve()
        self.assertEqual({'value': 3}, self.assertRaises(errors.Conflict, self.call, 'refuse', 3).details)
        self.assertNotIn('hunter2', str(self.assertRaises(RemoteFailure, self.call, 'break_down')))
        self.assertIn('break_down failed', logged.output)
        self.assertRaises(errors.Unsupported, self.call, 'no_such_message')
        self.assertRaises(errors.Unsupported, self.bus.call, 'part', 'double', None, timeout=DEADLINE)

    def test_what_is_no_refusal(self):
        self.serve()
        self.useFixture(fixtures.FakeLogger())
        self.assertRaises(errors.Unavailable, self.call, 'break_down')
        self.assertRaises(errors.Unavailable, self.call, 'double', reply=Asker)

    def test_nobody_there(self):
        self.assertRaises(errors.Unavailable, self.call, 'double', timeout=0.3)
        self.serve()
        self.assertRaises(errors.Unavailable, self.call, 'double', server='absent', timeout=0.3)
        self.bus.cast('nobody', 'note', Number(1))

    def test_a_stop_waits_for_what_runs(self):
        part, serving = self.serve()
        answers = []
        thread = threading.Thread(target=lambda: answers.append(self.call('wait', 7, reply=Number)))
        thread.start()
        self.assertTrue(part.begun.wait(DEADLINE))
        serving.drain()
        self.assertFalse(serving.stop(0.05))
        part.gate.set()
        self.assertTrue(serving.stop(DEADLINE))
        thread.join(DEADLINE)
        self.assertEqual([Number(7)], answers)
        self.assertRaises(errors.Unavailable, self.call, 'double', timeout=0.3)


class LocalBusTest(BusChecks, testtools.TestCase):

    def setUp(self):
        super().setUp()
        work = executor.ThreadExecutor(2)
        self.addCleanup(work.shutdown, True, DEADLINE)
        self.bus = LocalBus(work)
        self.addCleanup(self.bus.close)

    def test_any_one_takes_its_turn(self):
        for name in ('one', 'two'):
            self.serve(name)
        self.assertEqual({'one', 'two'}, {self.call('who', reply=Asker).server for _ in range(4)})


class OsloBusTest(BusChecks, testtools.TestCase):

    def setUp(self):
        super().setUp()
        options = conf.new(config_files=[], config_dirs=[])
        self.bus = OsloBus(options, 'fake://')
        # The in-memory driver's queues belong to the process: an exchange of its own keeps tests apart.
        options.set_override('control_exchange', self.id())
        self.addCleanup(self.bus.close)

    def test_an_answer_that_comes_late(self):
        part, _ = self.serve()
        self.assertRaises(errors.Unavailable, self.call, 'wait', timeout=0.3)
        part.gate.set()


class EndpointTest(testtools.TestCase):

    def test_a_method_without_types_is_a_mistake(self):
        class Bare:
            def method(self, context, request):
                pass

        class Crowded:
            def method(self, context, one: Number, two: Number) -> None:
                pass

        for kind in (Bare, Crowded):
            self.assertRaises(TypeError, Endpoint, kind())

    def test_private_methods_are_no_messages(self):
        class Shy:
            def _inner(self):
                pass

        self.assertNotIn('_inner', Endpoint(Shy()))
