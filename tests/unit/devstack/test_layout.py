# SPDX-License-Identifier: Apache-2.0
"""Where state lies: closed to others, secrets made once, sockets whose paths fit."""

import pathlib
import stat
import tempfile

import testtools

from devstack.layout import Layout


class LayoutTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.layout = Layout(self.folder / 'var').create()

    def test_nobody_else_may_look(self):
        self.assertEqual(0o700, stat.S_IMODE(self.layout.path.stat().st_mode))

    def test_secrets_are_made_once(self):
        first = self.layout.secret('admin')
        self.assertEqual(first, Layout(self.folder / 'var').secret('admin'))
        self.assertNotEqual(first, self.layout.secret('nova'))
        self.assertEqual(0o600, stat.S_IMODE((self.layout.etc / 'secrets.json').stat().st_mode))

    def test_long_paths_get_short_sockets(self):
        deep = Layout(self.folder / ('x' * 90))
        short = deep.sockets('mariadb')
        self.addCleanup(short.rmdir)
        self.assertLess(len(str(short)), 76)
        self.assertEqual(short, Layout(self.folder / ('x' * 90)).sockets('mariadb'))
        self.assertNotEqual(short, self.layout.sockets('mariadb'))

    def test_ini(self):
        path = self.layout.write_ini(self.layout.etc / 'x' / 'x.conf', {'DEFAULT': {'a': 1}, 'b': {'c': 'd'}})
        self.assertEqual('[DEFAULT]\na = 1\n\n[b]\nc = d\n', path.read_text())
        self.assertEqual(0o600, stat.S_IMODE(path.stat().st_mode))
