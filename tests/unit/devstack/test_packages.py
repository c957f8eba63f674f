# SPDX-License-Identifier: Apache-2.0
"""bindep.txt as this project reads it."""

import pathlib
import tempfile

import testtools

from devstack import packages, settings

TEXT = """
# a comment
always [platform:dpkg]
elsewhere [platform:rpm]
both [platform:dpkg platform:rpm]  # with a remark
guests [platform:dpkg libvirt]
tests [platform:dpkg test]
"""


class PackagesTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.bindep = pathlib.Path(folder.name) / 'bindep.txt'
        self.bindep.write_text(TEXT)

    def test_without_profiles(self):
        self.assertEqual(['always', 'both'], packages.names(self.bindep, set()))

    def test_with_profiles(self):
        self.assertEqual(['always', 'both', 'guests'], packages.names(self.bindep, {'libvirt'}))
        self.assertEqual(['always', 'both', 'guests', 'tests'], packages.names(self.bindep, {'libvirt', 'test'}))

    def test_another_platform(self):
        self.assertEqual(['elsewhere', 'both'], packages.names(self.bindep, set(), 'rpm'))

    def test_the_projects_own(self):
        names = packages.names(settings.REPOSITORY / 'bindep.txt', {'libvirt', 'test'})
        self.assertIn('rabbitmq-server', names)
        self.assertIn('qemu-system-x86', names)
        self.assertIn('postgresql', names)
        self.assertEqual(len(names), len(set(names)))
