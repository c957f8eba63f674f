# SPDX-License-Identifier: Apache-2.0
"""The daemon's part on a bus: it answers the typed client, tells that it lives, and drains."""

import queue

import testtools

from nova_lite import errors
from nova_lite.messages.hosts import Heartbeat
from nova_lite.rpc import CONDUCTOR
from nova_lite.rpc.local import LocalBus
from nova_lite.rpc.scheduler import Scheduler as Client
from nova_lite.scheduler.service import Scheduler
from nova_lite.service import runtime
from tests.unit.scheduler.cloud import Cloud


class _Conductor:
    def __init__(self):
        self.beats = queue.Queue()

    def heartbeat(self, context, beat: Heartbeat) -> None:
        self.beats.put(beat)


class ServiceTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.cloud = Cloud()
        self.addCleanup(self.cloud.close)
        self.cloud.conf.set_override('host', 'control')
        self.runtime = runtime.real(self.cloud.conf, LocalBus, workers=2)
        self.addCleanup(self.runtime.executor.shutdown)
        self.conductor = _Conductor()
        self.runtime.bus.serve(CONDUCTOR, 'control', self.conductor)
        self.scheduler = Scheduler(self.runtime, self.cloud.parts())
        self.client = Client(self.runtime.bus)

    def test_answers_beats_and_drains(self):
        self.cloud.add_host('a')
        self.scheduler.start()
        self.addCleanup(self.scheduler.stop, 5)
        beat = self.conductor.beats.get(timeout=30)
        self.assertEqual(('control', 'nova-scheduler', 'scheduler', True),
                         (beat.host, beat.binary, beat.topic, beat.started))
        wish = self.cloud.new_server()
        self.assertEqual('a', self.client.select(wish).destination.host)
        full = self.client.select(self.cloud.new_server(requested_host='nowhere'))
        self.assertIsNone(full.destination)
        self.assertEqual('requested host', full.explanation.stages[0].stage)
        self.cloud.supersede(wish)
        error = self.assertRaises(errors.Conflict, self.client.select, wish)
        self.assertEqual('Superseded', error.reason)
        self.scheduler.drain()
        self.assertRaises(errors.Unavailable, self.client.select, wish)
