# SPDX-License-Identifier: Apache-2.0
"""Requests to a service: who asks, what the answers mean, and what happens when there is none."""

import json
import socket
import tempfile
import threading

import testtools

from nova_lite import conf, context, errors
from nova_lite.clients.http import Http, check
from nova_lite.service import wsgi

DEADLINE = 10


class Peer:
    """Answers with what it is told to, once each, and then with the headers that it got."""

    def __init__(self):
        self.answers = []
        self.requests = []

    def __call__(self, environ, start_response):
        headers = {name[5:]: value for name, value in environ.items() if name.startswith('HTTP_')}
        self.requests.append((environ['REQUEST_METHOD'], environ['PATH_INFO'], headers, environ['wsgi.input'].read()))
        status, body = self.answers.pop(0) if self.answers else ('200 OK', headers)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        start_response(status, [('Content-Type', 'application/json'), ('Content-Length', str(len(content)))])
        return [content]


class HttpTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.peer = Peer()
        self.server = wsgi.Server(self.peer, wsgi.listen('127.0.0.1', 0))
        self.server.start()
        self.addCleanup(self.server.stop, DEADLINE)
        self.url = f'http://127.0.0.1:{self.server.port}'

    def http(self, text=None, **more):
        text = text or f'[placement]\nauth_type = admin_token\nendpoint = {self.url}/prefix/\ntoken = own\n'
        with tempfile.NamedTemporaryFile('w', suffix='.conf') as file:
            file.write(text)
            file.flush()
            # Options of the login are read when the plugin is loaded: the file must still be there.
            options = conf.new(config_files=[file.name], config_dirs=[])
            return Http(options, 'placement', **more)

    def test_the_services_own_request(self):
        answer = self.http().request('GET', '/things')
        self.assertEqual(200, answer.status)
        self.assertEqual('own', answer.decode()['X_AUTH_TOKEN'])
        self.assertEqual('/prefix/things', self.peer.requests[0][1])

    def test_a_users_request(self):
        answer = self.http().request('POST', '/things', json={'a': 1}, token='theirs', headers={'X-More': 'yes'})
        heard = answer.decode()
        self.assertEqual(('theirs', 'yes'), (heard['X_AUTH_TOKEN'], heard['X_MORE']))
        self.assertNotIn('X_SERVICE_TOKEN', heard)
        self.assertEqual(b'{"a":1}', self.peer.requests[0][3])

    def test_a_users_request_is_accompanied(self):
        http = self.http(
            f'[placement]\nauth_type = none\nendpoint_override = {self.url}\n'
            f'[service_user]\nsend_service_user_token = true\nauth_type = admin_token\nendpoint = {self.url}\n'
            'token = service\n')
        heard = http.request('GET', '/', token='theirs').decode()
        self.assertEqual(('theirs', 'service'), (heard['X_AUTH_TOKEN'], heard['X_SERVICE_TOKEN']))
        self.assertNotIn('X_SERVICE_TOKEN', http.request('GET', '/').decode())

    def test_the_request_id_goes_along(self):
        with context.bound(context.RequestContext(global_request_id='req-g')):
            heard = self.http().request('GET', '/').decode()
        self.assertEqual('req-g', heard['X_OPENSTACK_REQUEST_ID'])

    def test_answers_mean_kinds_of_error(self):
        http = self.http()
        for status, kind in (('400 Bad', errors.Invalid), ('404 No', errors.NotFound), ('409 C', errors.Conflict),
                             ('406 N', errors.Unsupported), ('500 E', errors.Unavailable),
                             ('503 E', errors.Unavailable), ('429 Slow', errors.Unavailable)):
            self.peer.answers = [(status, {'errors': [{'detail': 'because', 'code': 'x.y'}]})]
            error = self.assertRaises(kind, lambda: check(http.request('GET', '/'), 'a thing'))
            self.assertEqual(('a thing: because', 'x.y'), (str(error), error.details['code']))

    def test_an_answer_of_a_proxy(self):
        self.peer.answers = [('502 Bad Gateway', b'<html>'), ('200 OK', b'<html>'), ('404 No', b'[]')]
        http = self.http()
        self.assertRaises(errors.Unavailable, lambda: check(http.request('GET', '/'), 'a thing'))
        self.assertRaises(errors.Unavailable, http.request('GET', '/').decode)
        self.assertRaises(errors.NotFound, lambda: check(http.request('GET', '/'), 'a thing'))

    def test_our_own_user_refused_is_an_operators_matter(self):
        http = self.http()
        for status in ('401 Unauthorized', '403 Forbidden'):
            self.peer.answers = [(status, {}), (status, {})]
            error = self.assertRaises(errors.Unavailable, http.request, 'GET', '/')
            self.assertIn('[placement]', str(error))
            self.peer.answers = [(status, {})]
            self.assertRaises(errors.Forbidden, lambda: check(http.request('GET', '/', token='theirs'), 'a thing'))

    def test_nobody_there(self):
        self.server.stop(DEADLINE)
        self.assertRaises(errors.Unavailable, self.http().request, 'GET', '/')

    def test_a_broken_connection_is_tried_again_only_without_effects(self):
        listener = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(listener.close)
        listener.settimeout(DEADLINE)
        http = self.http(f'[placement]\nauth_type = none\nendpoint_override = http://127.0.0.1:{listener.getsockname()[1]}')
        accepted = []

        def hang_up():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                connection.recv(100)
                accepted.append(1)
                connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        self.assertRaises(errors.Unavailable, http.request, 'PUT', '/')
        self.assertEqual(1, len(accepted))
        self.assertRaises(errors.Unavailable, http.request, 'GET', '/')
        self.assertEqual(3, len(accepted))

    def test_no_place_and_no_login(self):
        http = self.http('[placement]\nauth_type = admin_token\ntoken = x\n')
        self.assertRaises(errors.Unavailable, http.request, 'GET', '/')
        self.assertRaises(errors.Invalid, self.http, '[placement]\nauth_type = nonsense\n')
        heard = self.http('[placement]\n', endpoint=self.url + '/v2/', version='/v2').request('GET', '/x').decode()
        self.assertNotIn('X_AUTH_TOKEN', heard)
        self.assertEqual('/x', self.peer.requests[-1][1])
