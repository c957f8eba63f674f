# SPDX-License-Identifier: Apache-2.0
"""The unit files: one per daemon, understood by systemd, hardened, and in step with the options' defaults."""

import configparser
import pathlib
import shutil
import subprocess
import tempfile

import testtools

from nova_lite import conf

ROOT = pathlib.Path(__file__).resolve().parents[3]
UNITS = sorted((ROOT / 'etc' / 'systemd').glob('*.service'))
HARDENED = {
    'NoNewPrivileges': 'yes', 'CapabilityBoundingSet': '', 'ProtectSystem': 'strict', 'ProtectHome': 'yes',
    'PrivateTmp': 'yes', 'RestrictNamespaces': 'yes', 'RestrictSUIDSGID': 'yes', 'SystemCallFilter': '@system-service',
}


class UnitsTest(testtools.TestCase):

    def read(self, path):
        parser = configparser.ConfigParser(interpolation=None)
        parser.optionxform = str
        parser.read(path)
        return parser

    def test_every_daemon_has_one(self):
        setup = configparser.ConfigParser(interpolation=None)
        setup.read(ROOT / 'setup.cfg')
        commands = {line.split()[0] for line in setup['options.entry_points']['console_scripts'].strip().splitlines()}
        named = {self.read(path)['Service']['ExecStart'] for path in UNITS}
        self.assertEqual(5, len(named))
        self.assertEqual(set(), {pathlib.PurePath(command).name for command in named} - commands)

    def test_they_are_hardened(self):
        for path in UNITS:
            service = self.read(path)['Service']
            self.assertEqual(HARDENED, {name: service[name] for name in HARDENED}, path.name)
            self.assertNotEqual('root', service['User'])

    def test_they_know_how_a_daemon_behaves(self):
        grace = conf.new(config_files=[], config_dirs=[]).graceful_shutdown_timeout
        for path in UNITS:
            service = self.read(path)['Service']
            self.assertEqual(('notify', 'main', 'always'), (
                service['Type'], service['NotifyAccess'], service['Restart']))
            self.assertGreater(int(service['TimeoutStopSec']), grace + 5)
            self.assertGreater(int(service['WatchdogSec']), 10)

    def test_systemd_understands_them(self):
        if shutil.which('systemd-analyze') is None:
            self.skipTest('systemd-analyze is not installed')
        with tempfile.TemporaryDirectory() as folder:
            for path in UNITS:
                # The commands are installed elsewhere here.
                text = path.read_text().replace('ExecStart=/usr/bin/', 'ExecStart=/bin/true ')
                pathlib.Path(folder, path.name).write_text(text)
            done = subprocess.run(['systemd-analyze', 'verify', *sorted(pathlib.Path(folder).iterdir())],
                                  capture_output=True, text=True, timeout=60, check=False)
        ours = [line for line in (done.stdout + done.stderr).splitlines() if folder in line]
        self.assertEqual([], ours)
        self.assertEqual(0, done.returncode, done.stderr)
