# SPDX-License-Identifier: Apache-2.0
"""Config drives can be read back, and nothing else is left beside them."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import testtools

from nova_lite import errors
from nova_lite.virt import configdrive

FILES = {'openstack/latest/meta_data.json': b'{}', 'ec2/latest/user-data': b'\x00\xff'}


class ConfigDriveTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / 'disk.config'

    def write(self, file_system):
        configdrive.write(self.path, FILES, file_system, 'genisoimage')
        self.assertEqual([self.path], list(self.path.parent.iterdir()))
        self.assertEqual(0o640, self.path.stat().st_mode & 0o777)

    @unittest.skipUnless(shutil.which('genisoimage') and shutil.which('isoinfo'), 'no genisoimage here')
    def test_iso9660(self):
        self.write('iso9660')
        head = subprocess.check_output(['isoinfo', '-d', '-i', str(self.path)], text=True)
        self.assertIn('Volume id: config-2', head)
        read = subprocess.check_output(['isoinfo', '-R', '-x', '/ec2/latest/user-data', '-i', str(self.path)])
        self.assertEqual(b'\x00\xff', read)

    @unittest.skipUnless(shutil.which('mcopy') and shutil.which('mkfs.vfat'), 'no mtools here')
    def test_vfat(self):
        self.write('vfat')
        self.assertIn(b'config-2', self.path.read_bytes()[:512].lower())
        read = subprocess.check_output(['mtype', '-i', str(self.path), '::ec2/latest/user-data'])
        self.assertEqual(b'\x00\xff', read)

    def test_command_that_is_not_there(self):
        self.assertRaises(errors.Unsupported, configdrive.write, self.path, FILES, 'iso9660', '/no/such/command')
        self.assertEqual([], list(self.path.parent.iterdir()))
