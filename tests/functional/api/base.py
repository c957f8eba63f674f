# SPDX-License-Identifier: Apache-2.0
"""The compute API alone: a real database in a file, noauth2, no other daemon."""

import atexit
import functools
import shutil
import tempfile

import falcon.testing
import testtools

from nova_lite import conf as options
from nova_lite.api import app, deps
from nova_lite.db import cells, migrate
from nova_lite.policies import enforcer
from nova_lite.service import clock
from tests.functional.api import recorder

LATEST = '2.104'


def _cells(folder):
    return cells.Cells(f'sqlite:///{folder}/api.db', f'sqlite:///{folder}/cell.db')


@functools.cache
def _synced_databases():
    """A folder with empty databases of the newest schema, made once for each process: tests copy them."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = _cells(folder)
    migrate.sync(made.api, 'api')
    migrate.sync(made.get(), 'cell')
    made.dispose()
    return folder


class ApiTest(testtools.TestCase):
    """`self.api(...)` asks the API; `self.cells` and `self.deps` are what it works with.

    Subclasses change `CONFIG` ((group or None, name) -> value), `POLICY` (rule -> check string), `make_cells` or
    `make_deps`.
    """

    CONFIG = {}
    POLICY = {}

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.conf = options.new(config_files=[], config_dirs=[])
        self.conf.set_override('auth_strategy', 'noauth2', 'api')
        for (group, name), value in self.CONFIG.items():
            self.conf.set_override(name, value, group)
        self.cells = self.make_cells(folder.name)
        self.addCleanup(self.cells.dispose)
        self.deps = self.make_deps()
        self.client = falcon.testing.TestClient(recorder.wrap(app.make_app(self.conf, self.deps)))

    def make_cells(self, folder):
        """Empty databases; a subclass takes them from a server."""
        shutil.copytree(_synced_databases(), folder, dirs_exist_ok=True)
        return _cells(folder)

    def make_deps(self, **more):
        """What the API is given; a subclass adds its clients."""
        return deps.Deps(conf=self.conf, cells=self.cells, policy=enforcer.Enforcer(self.conf, self.POLICY),
                         clock=clock.SystemClock(), **more)

    def api(self, method, path, body=None, *, version=LATEST, user='admin', project=None, status=None, root='/v2.1',
            headers=None, text=None, **kwargs):
        """Ask the API as `user:project`; returns Falcon's result. With `status`, any other one fails the test.

        `body` is sent as JSON, `text` as it is.
        """
        sent = {'X-Auth-Token': f'{user}:{project}' if project else user, **(headers or {})}
        if version is not None:
            sent.setdefault('OpenStack-API-Version', f'compute {version}')
        if body is not None:
            kwargs['json'] = body
        elif text is not None:
            kwargs['body'] = text
        result = self.client.simulate_request(method, root + path, headers=sent, **kwargs)
        if status is not None:
            self.assertEqual(status, result.status_code, result.text)
        return result

    def fault(self, result):
        """(name, message) of a fault document."""
        [(name, found)] = result.json.items()
        self.assertEqual(result.status_code, found['code'])
        return name, found['message']
