# SPDX-License-Identifier: Apache-2.0
"""A WSGI application as a service: the interface of `clients.http.Http` without a network."""

import io
import wsgiref.util

import msgspec

from nova_lite.clients.http import Response


class WsgiHttp:
    """Asks `application` in the caller's thread, with the token `own_token` unless one is given."""

    name = 'fake'

    def __init__(self, application, own_token='admin'):
        self._application = application
        self._own_token = own_token

    def request(self, method, path, *, json=None, headers=None, token=None, stream=False):
        """See Http.request; with `stream` the answer has `status`, `stream`, `read` and `close`."""
        body = b'' if json is None else msgspec.json.encode(json)
        path, _, query = path.partition('?')
        environ = {
            'REQUEST_METHOD': method, 'PATH_INFO': path, 'QUERY_STRING': query, 'wsgi.input': io.BytesIO(body),
            'CONTENT_LENGTH': str(len(body)), 'CONTENT_TYPE': 'application/json', 'HTTP_ACCEPT': 'application/json',
            'HTTP_X_AUTH_TOKEN': token or self._own_token,
        }
        environ |= {'HTTP_' + name.upper().replace('-', '_'): value for name, value in (headers or {}).items()}
        wsgiref.util.setup_testing_defaults(environ)
        heard = {}

        def start_response(status, fields, _exc_info=None):
            heard.update(status=int(status.split()[0]), headers=dict(fields))

        chunks = self._application(environ, start_response)
        content = b''.join(chunks)
        if hasattr(chunks, 'close'):
            chunks.close()
        return (_Stream if stream else Response)(heard['status'], heard['headers'], content)


class _Stream(Response):
    def stream(self, size, decode_content=False):
        for start in range(0, len(self.body), size):
            yield self.body[start:start + size]

    def read(self, size):
        return self.body[:size]

    def close(self):
        pass
