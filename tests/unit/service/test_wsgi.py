# SPDX-License-Identifier: Apache-2.0
"""The WSGI server in a thread: ports, answers, draining."""

import http.client
import threading

import testtools

from nova_lite import errors
from nova_lite.service import wsgi

DEADLINE = 10


class Application:
    """Answers with the path; `/gate` waits for the gate first."""

    def __init__(self):
        self.gate = threading.Event()
        self.begun = threading.Event()

    def __call__(self, environ, start_response):
        if environ['PATH_INFO'] == '/gate':
            self.begun.set()
            self.gate.wait(DEADLINE)
        if environ['PATH_INFO'] == '/boom':
            raise RuntimeError('boom')
        body = environ['PATH_INFO'].encode() + environ['wsgi.input'].read()
        start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', str(len(body)))])
        return [body]


class ServerTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.application = Application()
        self.server = wsgi.Server(self.application, wsgi.listen('127.0.0.1', 0), threads=4)
        self.server.start()
        self.addCleanup(self.server.stop, DEADLINE)

    def connect(self):
        connection = http.client.HTTPConnection('127.0.0.1', self.server.port, timeout=DEADLINE)
        self.addCleanup(connection.close)
        return connection

    def get(self, path, connection=None, body=None):
        connection = connection or self.connect()
        connection.request('POST' if body else 'GET', path, body=body)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def test_answers_on_a_port_of_its_own(self):
        connection = self.connect()
        self.assertEqual((200, b'/a'), self.get('/a', connection))
        self.assertEqual((200, b'/bdata'), self.get('/b', connection, b'data'))

    def test_a_failing_application_answers_500(self):
        self.assertEqual(500, self.get('/boom')[0])
        self.assertEqual((200, b'/a'), self.get('/a'))

    def test_a_taken_port_is_told(self):
        error = self.assertRaises(wsgi.PortTaken, wsgi.listen, '127.0.0.1', self.server.port)
        self.assertIn(str(self.server.port), str(error))
        self.assertRaises(errors.Invalid, wsgi.listen, '192.0.2.77', 0)

    def test_draining_answers_what_has_begun_and_takes_nothing_new(self):
        answers = []
        thread = threading.Thread(target=lambda: answers.append(self.get('/gate')))
        thread.start()
        idle = self.connect()
        self.assertEqual((200, b'/a'), self.get('/a', idle))
        self.assertTrue(self.application.begun.wait(DEADLINE))
        stopper = threading.Thread(target=self.server.stop, args=(DEADLINE,))
        self.server.drain()
        stopper.start()
        self.application.gate.set()
        thread.join(DEADLINE)
        stopper.join(DEADLINE)
        self.assertEqual([(200, b'/gate')], answers)
        self.assertRaises(OSError, self.get, '/late')

    def test_a_stop_does_not_wait_longer_than_told(self):
        self.addCleanup(self.application.gate.set)
        self.connect().request('GET', '/gate')
        self.assertTrue(self.application.begun.wait(DEADLINE))
        self.assertFalse(self.server.stop(0.1))

    def test_a_server_that_never_started_stops(self):
        self.assertTrue(wsgi.Server(self.application, wsgi.listen('127.0.0.1', 0)).stop(0))
