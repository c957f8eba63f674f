# SPDX-License-Identifier: Apache-2.0
"""The files of a config drive."""

import base64
import json

import msgspec
import testtools

from nova_lite.virt import metadata
from tests.unit.compute import parts

GUEST = parts.guest(
    hostname='one', display_name='My "server"', metadata={'role': 'web'}, key_name='k', public_key='ssh-rsa A',
    user_data=base64.b64encode(b'\x00\xffscript').decode(), availability_zone='nova', launch_index=3)


class MetadataTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.files = metadata.files(GUEST, b'x' * 512, 'example.org')

    def read(self, name):
        return json.loads(self.files[name])

    def test_latest(self):
        found = self.read('openstack/latest/meta_data.json')
        self.assertEqual(512, len(base64.b64decode(found.pop('random_seed'))))
        self.assertEqual({
            'uuid': GUEST.uuid, 'name': 'My "server"', 'hostname': 'one.example.org', 'meta': {'role': 'web'},
            'launch_index': 3, 'availability_zone': 'nova', 'project_id': 'p', 'devices': [], 'dedicated_cpus': [],
            'public_keys': {'k': 'ssh-rsa A'}, 'keys': [{'name': 'k', 'type': 'ssh', 'data': 'ssh-rsa A'}]}, found)
        self.assertEqual({'links': [], 'networks': [], 'services': []}, self.read('openstack/latest/network_data.json'))
        self.assertEqual({}, self.read('openstack/latest/vendor_data.json'))
        self.assertEqual({}, self.read('openstack/latest/vendor_data2.json'))

    def test_an_administrators_password_is_told_to_openstacks_readers_only(self):
        files = metadata.files(GUEST, b'', admin_password='s3cr3t')
        holds = {path for path, content in files.items() if b's3cr3t' in content}
        self.assertEqual({path for path in files if path.endswith('meta_data.json')}, holds)
        self.assertFalse([path for path, content in metadata.files(GUEST, b'').items() if b'admin_pass' in content])

    def test_user_data_is_given_byte_by_byte(self):
        self.assertEqual(b'\x00\xffscript', self.files['openstack/latest/user_data'])
        self.assertEqual(b'\x00\xffscript', self.files['ec2/latest/user-data'])
        without = metadata.files(msgspec.structs.replace(GUEST, user_data=None), b'')
        self.assertEqual([], [name for name in without if 'user' in name])

    def test_each_version_has_what_it_defined(self):
        first = self.read('openstack/2012-08-10/meta_data.json')
        self.assertEqual(set(), {'random_seed', 'project_id', 'devices', 'dedicated_cpus'} & set(first))
        self.assertNotIn('openstack/2013-04-04/vendor_data.json', self.files)
        self.assertIn('random_seed', self.read('openstack/2013-04-04/meta_data.json'))
        self.assertIn('openstack/2015-10-15/network_data.json', self.files)
        self.assertNotIn('dedicated_cpus', self.read('openstack/2018-08-27/meta_data.json'))

    def test_ec2(self):
        found = self.read('ec2/latest/meta-data.json')
        self.assertEqual('one.example.org', found['hostname'])
        self.assertEqual({'0': {'_name': '0=k', 'openssh-key': 'ssh-rsa A'}}, found['public-keys'])
