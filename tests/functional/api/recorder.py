# SPDX-License-Identifier: Apache-2.0
"""Writes down what the API answers, for others to judge (`tests/conformance/compute_schemas`).

Only where the environment variable NOVA_LITE_RECORD names a file: one JSON document a line.
"""

import io
import json
import os

VARIABLE = 'NOVA_LITE_RECORD'


def wrap(application):
    """`application`, recorded if that is wanted."""
    path = os.environ.get(VARIABLE)
    return _Recorder(application, path) if path else application


class _Recorder:
    def __init__(self, application, path):
        self._application = application
        self._path = path

    def __call__(self, environ, start_response):
        answer = {}

        def record_start(status, headers, exc_info=None):
            answer['status'] = int(status.split()[0])
            answer['headers'] = {name.lower(): value for name, value in headers}
            return start_response(status, headers, exc_info)

        raw = environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0))
        environ['wsgi.input'] = io.BytesIO(raw)
        line = {'method': environ['REQUEST_METHOD'], 'path': environ['PATH_INFO'], 'query': environ['QUERY_STRING'],
                'action': _action(environ['PATH_INFO'], raw)}
        body = b''.join(self._application(environ, record_start))
        line |= {'status': answer['status'], 'body': body.decode(),
                 'version': answer['headers'].get('x-openstack-nova-api-version')}
        with open(self._path, 'a', encoding='utf-8') as file:
            file.write(json.dumps(line) + '\n')
        return [body]


def _action(path, raw):
    """The key of an action's body; the rest of what was sent is not written down."""
    if not path.endswith('/action'):
        return None
    try:
        content = json.loads(raw)
    except ValueError:
        return None
    return next(iter(content), None) if isinstance(content, dict) else None
