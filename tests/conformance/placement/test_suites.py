# SPDX-License-Identifier: Apache-2.0
"""Upstream's own tests of Placement pass against ours: all listed suites, in the four configurations.

On SQLite always; on MariaDB and PostgreSQL with DEEP=1, as CI has it.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import testtools

from nova_lite.placement import app, conf, policies
from nova_lite.service import wsgi
from tests.integration import parts

HERE = pathlib.Path(__file__).parent
VENV = parts.ROOT / 'var' / 'conformance-venv'
UPSTREAM = ('openstack-placement==16.0.0', 'gabbi', 'fixtures', 'requests', 'PyYAML', 'osc-placement',
            'python-openstackclient', 'oslotest')
PROFILES = ('default', 'secure', 'open', 'cors')
EXPECTED = 798


def upstream():
    """The Python of a virtual environment with upstream's package, made when it is missing."""
    python = VENV / 'bin' / 'python'
    look = 'import placement, gabbi, fixtures, osc_placement, openstackclient, oslotest'
    if not python.exists() or subprocess.run([python, '-c', look],
                                             stderr=subprocess.DEVNULL, check=False).returncode:
        made = subprocess.run([sys.executable, '-m', 'venv', VENV], check=False).returncode or subprocess.run(
            [python, '-m', 'pip', 'install', '-q', *UPSTREAM], check=False).returncode
        if made:
            parts.missing('openstack-placement cannot be installed from PyPI')
    return python


class SQLiteSuitesTest(testtools.TestCase):
    """All suites on one kind of database."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def database_url(self, profile):
        return f'sqlite:///{self.folder / profile}.db'

    def serve(self, profile):
        """The url of a service in one of the four configurations."""
        rules = self.folder / f'{profile}.json'
        open_to_all = {rule.name: '@' for rule in policies.list_rules() if rule.name != 'admin_api'}
        rules.write_text(json.dumps(open_to_all if profile == 'open' else {}))
        options = {'placement_database__connection': self.database_url(profile),
                   'placement_database__sqlite_synchronous': False, 'placement_database__sync_on_startup': True,
                   'api__auth_strategy': 'noauth2', 'oslo_policy__policy_file': str(rules),
                   'oslo_policy__enforce_new_defaults': profile == 'secure'}
        if profile == 'cors':
            options.update(cors__allowed_origin=['http://valid.example.com'],
                           cors__allow_headers=['openstack-api-version'])
        application = app.make_app(conf.new(**options))
        self.addCleanup(application.service.close)
        server = wsgi.Server(application, wsgi.listen('127.0.0.1', 0))
        server.start()
        self.addCleanup(server.stop, 5)
        return f'http://127.0.0.1:{server.port}'

    def test_suites(self):
        python = upstream()
        endpoints, report = self.folder / 'endpoints.json', self.folder / 'report.json'
        endpoints.write_text(json.dumps({profile: self.serve(profile) for profile in PROFILES}))
        judged = subprocess.run([python, HERE / 'judge.py', endpoints, HERE / 'suites.txt', report],
                                capture_output=True, text=True, timeout=1800, check=False)
        self.assertEqual(0, judged.returncode, judged.stdout + judged.stderr)
        passed = sum(entry['passed'] for entry in json.loads(report.read_text()).values())
        self.assertEqual(EXPECTED, passed, judged.stdout)

    def test_the_command_line_client(self):
        """osc-placement's own functional tests pass too."""
        judged = subprocess.run([upstream(), HERE / 'osc_judge.py', self.serve('default')], capture_output=True,
                                text=True, timeout=1800, check=False)
        self.assertEqual(0, judged.returncode, judged.stdout[-5000:] + judged.stderr[-2000:])


@parts.deep
class MariaDBSuitesTest(SQLiteSuitesTest):

    def setUp(self):
        super().setUp()
        self.parts = parts.Parts()
        self.addCleanup(self.parts.stop)
        self.server = self.start()

    def start(self):
        return self.parts.mariadb(*PROFILES)

    def database_url(self, profile):
        return self.server.url(profile)


@parts.deep
class PostgreSQLSuitesTest(MariaDBSuitesTest):

    def start(self):
        return self.parts.postgresql(*PROFILES)
