# SPDX-License-Identifier: Apache-2.0
"""The borders between folders, as setup.cfg draws them, hold; and the contracts there still cover every folder."""

import configparser
import pathlib
import subprocess
import sys

import testtools

ROOT = pathlib.Path(__file__).resolve().parents[2]


class BordersTest(testtools.TestCase):

    def test_every_contract_is_kept(self):
        linter = pathlib.Path(sys.executable).with_name('lint-imports')
        done = subprocess.run(
            [linter, '--no-cache'], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)

    def test_no_folder_is_forgotten(self):
        """A contract of the kind "only X may know Y" names everybody else: a new folder must be added to it."""
        config = configparser.ConfigParser()
        config.read(ROOT / 'setup.cfg')
        folders = {
            f'nova_lite.{path.stem}' for path in (ROOT / 'nova_lite').iterdir()
            if (path / '__init__.py').exists() or path.suffix == '.py'
        } - {'nova_lite.__init__', 'nova_lite.migrations', 'nova_lite.errors', 'nova_lite.service'}
        contract = config['importlinter:contract:placement']
        allowed = {'nova_lite.placement', 'nova_lite.cmd', 'nova_lite.wsgi', 'nova_lite.manage'}
        self.assertEqual(set(), folders - allowed - set(contract['forbidden_modules'].split()))
        for name, may in (('falcon', {'api', 'placement', 'metadata'}), ('messaging', {'rpc', 'notifications'}),
                          ('database', {'db'})):
            covered = set(config[f'importlinter:contract:{name}']['source_modules'].split())
            allowed = {f'nova_lite.{folder}' for folder in (*may, 'cmd', 'wsgi', 'manage', 'context', 'states')}
            self.assertEqual(set(), folders - allowed - covered, f'the contract {name} forgets')
