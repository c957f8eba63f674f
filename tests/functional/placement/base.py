# SPDX-License-Identifier: Apache-2.0
"""One placement service, or several on one database, called as WSGI applications: no socket, no other process."""

import io
import json
import logging
import os
import tempfile
from urllib.parse import urlsplit

import testtools

from nova_lite.placement import app, conf
from nova_lite.placement.db import migration
from nova_lite.placement.db.engine import Database

LATEST = '1.39'


class Answer:
    """What a request got."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        return self.json['errors'][0]


class Client:
    """Calls one application as one user."""

    def __init__(self, application, token='admin'):
        self.application, self.token = application, token

    def __call__(self, method, path, body=None, version=LATEST, headers=None, raw=None):
        parts = urlsplit(path)
        data = raw if raw is not None else b'' if body is None else json.dumps(body).encode()
        environ = {
            'REQUEST_METHOD': method, 'PATH_INFO': _bytes(parts.path), 'QUERY_STRING': _bytes(parts.query),
            'SCRIPT_NAME': '',
            'SERVER_NAME': 'localhost', 'SERVER_PORT': '80', 'HTTP_HOST': 'localhost', 'SERVER_PROTOCOL': 'HTTP/1.1',
            'wsgi.version': (1, 0), 'wsgi.url_scheme': 'http', 'wsgi.input': io.BytesIO(data),
            'wsgi.errors': io.StringIO(), 'wsgi.multithread': True, 'wsgi.multiprocess': False,
            'wsgi.run_once': False, 'REMOTE_ADDR': '127.0.0.1'}
        if self.token is not None:
            environ['HTTP_X_AUTH_TOKEN'] = self.token
        if version:
            environ['HTTP_OPENSTACK_API_VERSION'] = f'placement {version}'
        if data:
            environ['CONTENT_TYPE'] = 'application/json'
            environ['CONTENT_LENGTH'] = str(len(data))
        for name, value in (headers or {}).items():
            key = name.upper().replace('-', '_')
            environ[key if key in ('CONTENT_TYPE', 'CONTENT_LENGTH') else f'HTTP_{key}'] = value
        seen = []
        chunks = self.application(environ, lambda status, headers, exc=None: seen.append((status, headers)))
        try:
            body = b''.join(chunks)
        finally:
            if hasattr(chunks, 'close'):
                chunks.close()
        status, headers = seen[-1]
        return Answer(int(status.split()[0]), headers, body)


class PlacementTest(testtools.TestCase):
    """`self.api(...)` asks a service whose state is a SQLite file; `self.worker()` makes another one on that file."""

    def setUp(self):
        super().setUp()
        for name in ('nova_lite.placement', 'alembic'):
            logging.getLogger(name).setLevel(logging.ERROR)
        self.url = self.database_url()
        self.migrate()
        self.service = None
        self.api = self.worker()
        self.service = self.api.application.service

    def database_url(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return f'sqlite:///{os.path.join(folder.name, "placement.db")}'

    def conf(self, **overrides):
        return conf.new(placement_database__connection=self.url, placement_database__sqlite_synchronous=False,
                        api__auth_strategy='noauth2', oslo_policy__enforce_new_defaults=False, **overrides)

    def migrate(self):
        database = Database(self.conf().placement_database)
        migration.upgrade(database)
        database.close()

    def worker(self, **overrides):
        application = app.make_app(self.conf(**overrides))
        self.addCleanup(application.service.close)
        return Client(application)

    # -- short words for what many tests set up

    def ok(self, method, path, body=None, version=LATEST, api=None):
        answer = (api or self.api)(method, path, body, version)
        self.assertIn(answer.status, (200, 201, 204), answer.body)
        return answer

    def provider(self, uuid, parent=None, inventories=None, traits=(), aggregates=(), api=None):
        """A provider with all that it has; returns its generation."""
        path = f'/resource_providers/{uuid}'
        self.ok('POST', '/resource_providers', {'name': f'p-{uuid}', 'uuid': uuid, 'parent_provider_uuid': parent},
                api=api)
        generation = 0
        if inventories:
            self.ok('PUT', f'{path}/inventories', {
                'resource_provider_generation': generation, 'inventories': inventories}, api=api)
            generation += 1
        if traits:
            for name in traits:
                if name.startswith('CUSTOM_'):
                    self.ok('PUT', f'/traits/{name}', api=api)
            self.ok('PUT', f'{path}/traits', {
                'resource_provider_generation': generation, 'traits': list(traits)}, api=api)
            generation += 1
        if aggregates:
            self.ok('PUT', f'{path}/aggregates', {
                'resource_provider_generation': generation, 'aggregates': list(aggregates)}, api=api)
            generation += 1
        return generation

    def candidates(self, query, api=None, version=LATEST):
        return self.ok('GET', f'/allocation_candidates?{query}', version=version, api=api).json


def _bytes(text):
    """A text as WSGI hands it over: one character for each byte of its UTF-8."""
    return text.encode().decode('latin-1')


def claim_body(allocations, generation=None, kind='INSTANCE'):
    """The body of PUT /allocations at the latest version; `allocations` is {provider: {class: amount}}."""
    return {'allocations': {uuid: {'resources': resources} for uuid, resources in allocations.items()},
            'project_id': 'project', 'user_id': 'user', 'consumer_generation': generation, 'consumer_type': kind}


def uid(number):
    """A readable uuid."""
    return f'00000000-0000-4000-8000-{number:012d}'
