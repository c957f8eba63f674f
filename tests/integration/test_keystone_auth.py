# SPDX-License-Identifier: Apache-2.0
"""The compute API behind a real Keystone: tokens are checked, kept, and refused; projects are known or not."""

import pathlib
import tempfile
import time

import falcon.testing
import testtools
from keystoneauth1 import loading
from keystoneauth1 import session as ka_session

from nova_lite import conf as options
from nova_lite.api import app, auth, deps
from nova_lite.clients.keystone import Keystone
from nova_lite.db import cells, migrate
from nova_lite.policies import enforcer
from nova_lite.service import clock
from tests.integration import parts

# Seconds of CPU that a request with a known token may cost on any machine that runs tests; it takes a fraction.
MOST_CPU = 0.005


class KeystoneAuth(testtools.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parts = parts.Parts()
        cls.addClassCleanup(cls.parts.stop)
        cls.keystone = cls.parts.keystone(users=('demo',))
        cls.catalog = {'compute': ('nova', 'http://127.0.0.1:1/v2.1')}

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        login = ''.join(f'{name} = {value}\n' for name, value in self.keystone.credentials('nova').items())
        path = pathlib.Path(folder.name, 'nova.conf')
        path.write_text(f'[keystone_authtoken]\nwww_authenticate_uri = {self.keystone.auth_url}\n{login}'
                        f'[keystone]\nendpoint_override = {self.keystone.auth_url}\n{login}')
        self.conf = options.new(config_files=[str(path)], config_dirs=[])
        self.cells = cells.Cells(f'sqlite:///{folder.name}/api.db', f'sqlite:///{folder.name}/cell.db')
        self.addCleanup(self.cells.dispose)
        migrate.sync(self.cells.api, 'api')
        migrate.sync(self.cells.get(), 'cell')
        self.client = falcon.testing.TestClient(app.make_app(self.conf, deps.Deps(
            conf=self.conf, cells=self.cells, policy=enforcer.Enforcer(self.conf), clock=clock.SystemClock(),
            projects=Keystone.from_conf(self.conf))))

    def token(self, user, project):
        plugin = loading.get_plugin_loader('password').load_from_options(
            **{name: value for name, value in self.keystone.credentials(user, project).items()
               if name not in ('auth_type', 'region_name')})
        return ka_session.Session(auth=plugin).get_auth_headers()['X-Auth-Token'], plugin

    def ask(self, method, path, token=None, **kwargs):
        headers = {'OpenStack-API-Version': 'compute 2.104'} | ({'X-Auth-Token': token} if token else {})
        return self.client.simulate_request(method, '/v2.1' + path, headers=headers, **kwargs)

    def test_who_asks(self):
        admin, _ = self.token('admin', 'admin')
        demo, plugin = self.token('demo', 'demo')
        project = plugin.get_project_id(ka_session.Session(auth=plugin))
        flavor = {'flavor': {'name': 'f', 'id': 'f', 'ram': 1, 'vcpus': 1, 'disk': 0}}
        self.assertEqual(403, self.ask('POST', '/flavors', demo, json=flavor).status_code)
        self.assertEqual(200, self.ask('POST', '/flavors', admin, json=flavor).status_code)
        self.assertEqual(200, self.ask('GET', f'/{project}/flavors', demo).status_code)
        self.assertEqual(400, self.ask('GET', f'/{"0" * 32}/flavors', demo).status_code)
        self.assertEqual(200, self.ask('GET', f'/os-quota-sets/{project}', admin).status_code)
        self.assertEqual(400, self.ask('GET', '/os-quota-sets/nope', admin).status_code)

    def test_refused(self):
        for token in (None, 'nonsense'):
            result = self.ask('GET', '/flavors', token)
            self.assertEqual(401, result.status_code)
            self.assertIn('x-openstack-request-id', result.headers)
            self.assertIn('Keystone uri', result.headers['WWW-Authenticate'])
        self.assertEqual(200, self.client.simulate_get('/v2.1/').status_code)

    def test_a_known_token_is_cheap(self):
        token, _ = self.token('demo', 'demo')
        self.ask('GET', '/extensions/NMN', token)
        begun = time.process_time()
        for _ in range(50):
            self.assertEqual(200, self.ask('GET', '/extensions/NMN', token).status_code)
        each = (time.process_time() - begun) / 50
        self.addDetail('CPU seconds each', testtools.content.text_content(str(each)))
        self.assertLess(each, MOST_CPU)

    def test_no_secret_in_the_context(self):
        token, _ = self.token('demo', 'demo')
        environ = falcon.testing.create_environ(headers={'X-Auth-Token': token})
        context = auth.KeystoneAuth(self.conf).identify(environ, 'req-x')
        self.assertEqual(token, context.auth_token)
        for shown in (context.to_wire(), context.to_dict(), repr(context)):
            self.assertNotIn(token, str(shown))
