# SPDX-License-Identifier: Apache-2.0
"""placement-manage and placement-status, and the application for other WSGI servers."""

import contextlib
import io
import os
import pathlib
import subprocess
import sys
import tempfile

import testtools

from nova_lite.manage import placement
from nova_lite.placement import app, conf, errors
from nova_lite.placement.db import migration


class CommandsTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.file = self.folder / 'placement.conf'
        self.file.write_text('[api]\nauth_strategy = noauth2\n[placement_database]\n'
                             f'connection = sqlite:///{self.folder}/placement.db\n')

    def run_it(self, command, *arguments):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = command(['--config-file', str(self.file), *arguments])
        # What is logged may be among it.
        return code, '\n'.join(line for line in out.getvalue().splitlines() if ' INFO ' not in line)

    def test_schema(self):
        self.assertEqual((0, 'None'), self.run_it(placement.manage, 'db', 'version'))
        code, out = self.run_it(placement.status, 'upgrade', 'check')
        self.assertEqual(2, code)
        self.assertIn('Failure', out)
        for _ in range(2):
            self.assertEqual((0, ''), self.run_it(placement.manage, 'db', 'sync'))
        self.assertEqual((0, migration.head()), self.run_it(placement.manage, 'db', 'version'))
        self.assertEqual(0, self.run_it(placement.status, 'upgrade', 'check')[0])

    def test_a_service_without_schema_says_so(self):
        error = self.assertRaises(errors.Unavailable, app.make_app, conf.new(default_config_files=[str(self.file)]))
        self.assertIn('placement-manage db sync', str(error))

    def test_stamp(self):
        self.run_it(placement.manage, 'db', 'stamp', 'head')
        self.assertEqual((0, migration.head()), self.run_it(placement.manage, 'db', 'version'))

    def test_online_data_migrations(self):
        self.assertEqual(0, self.run_it(placement.manage, 'db', 'online_data_migrations')[0])
        self.assertEqual(0, self.run_it(placement.manage, 'db', 'online_data_migrations', '--max-count', '5')[0])
        self.assertEqual(127, self.run_it(placement.manage, 'db', 'online_data_migrations', '--max-count', '0')[0])

    def test_policy_file_in_json(self):
        self.run_it(placement.manage, 'db', 'sync')
        rules = self.folder / 'policy.json'
        rules.write_text('{}')
        self.file.write_text(self.file.read_text() + f'[oslo_policy]\npolicy_file = {rules}\n')
        self.assertEqual(2, self.run_it(placement.status, 'upgrade', 'check')[0])

    def test_wsgi_application(self):
        """It reads the folder that the environment names, when the first request comes."""
        self.run_it(placement.manage, 'db', 'sync')
        script = ('from nova_lite.wsgi.placement import application\n'
                  'from tests.functional.placement.base import Client\n'
                  'print(Client(application)("GET", "/resource_providers").json)')
        done = subprocess.run([sys.executable, '-c', script], capture_output=True, text=True, check=False, timeout=60,
                              env={**os.environ, 'OS_PLACEMENT_CONFIG_DIR': str(self.folder)},
                              cwd=pathlib.Path(__file__).resolve().parents[3])
        self.assertIn("{'resource_providers': []}", done.stdout, done.stderr)
