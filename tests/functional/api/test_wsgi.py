# SPDX-License-Identifier: Apache-2.0
"""`nova_lite.wsgi.compute:application`, as any WSGI server would load it: in a process of its own."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import testtools

ROOT = pathlib.Path(__file__).resolve().parents[3]
_ASK = """
import json
from falcon import testing
from nova_lite.wsgi.compute import application
client = testing.TestClient(application)
print(json.dumps([client.simulate_get('/').status_code, client.simulate_get('/v2.1/flavors').status_code]))
"""


class Wsgi(testtools.TestCase):
    def run_it(self, text):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        if text is not None:
            pathlib.Path(folder.name, 'nova.conf').write_text(text.format(folder=folder.name))
        return subprocess.run([sys.executable, '-W', 'ignore', '-c', _ASK], cwd=ROOT, capture_output=True, text=True,
                              env=os.environ | {'OS_NOVA_CONFIG_DIR': folder.name})

    def test_application(self):
        done = self.run_it('[DEFAULT]\ntransport_url = fake://\nuse_stderr = true\n[api]\nauth_strategy = noauth2\n'
                           '[database]\nconnection = sqlite:///{folder}/nova.db\n')
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual([200, 401], json.loads(done.stdout.splitlines()[-1]))

    def test_no_options(self):
        done = self.run_it(None)
        self.assertNotEqual(0, done.returncode)
        self.assertIn('No configuration file found', done.stderr)
