# SPDX-License-Identifier: Apache-2.0
"""Key pairs."""

from cryptography.hazmat.primitives import serialization

from nova_lite.api import keys
from tests.functional.api import base


class KeypairTest(base.ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.private, cls.public, cls.fingerprint = keys.generate(keys.SSH, 'joe')

    def create(self, name='k', status=201, version=base.LATEST, user='joe', **more):
        body = {'keypair': {'name': name, 'public_key': self.public} | more}
        return self.api('POST', '/os-keypairs', body, version=version, user=user, status=status).json.get('keypair')

    def names(self, query='', user='joe', **kwargs):
        found = self.api('GET', f'/os-keypairs{query}', user=user, status=200, **kwargs).json
        return [item['keypair']['name'] for item in found['keypairs']]


class Keypairs(KeypairTest):
    def test_import(self):
        made = self.create()
        self.assertEqual({'name': 'k', 'public_key': self.public, 'fingerprint': self.fingerprint, 'type': 'ssh',
                          'user_id': 'joe'}, made)
        shown = self.api('GET', '/os-keypairs/k', user='joe', status=200).json['keypair']
        self.assertEqual(made, {name: shown[name] for name in made})
        self.assertEqual((False, None, None), tuple(shown[key] for key in ('deleted', 'deleted_at', 'updated_at')))
        self.create(status=409)
        self.create('x', status=400, public_key='ssh-rsa AAAA')
        self.create('x', status=400, public_key='')
        self.create('x', status=400, public_key=self.public, type='x509')

    def test_generate(self):
        made = self.api('POST', '/os-keypairs', {'keypair': {'name': 'k'}}, version='2.2', user='joe', status=201).json
        key = serialization.load_pem_private_key(made['keypair']['private_key'].encode(), None)
        public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        self.assertTrue(made['keypair']['public_key'].startswith(public.decode()))
        self.assertNotIn('private_key', self.api('GET', '/os-keypairs/k', user='joe', status=200).text)
        self.api('POST', '/os-keypairs', {'keypair': {'name': 'l'}}, version='2.92', user='joe', status=400)

    def test_x509(self):
        body = {'keypair': {'name': 'k', 'type': 'x509'}}
        made = self.api('POST', '/os-keypairs', body, version='2.2', user='joe', status=201).json['keypair']
        self.assertTrue(made['public_key'].startswith('-----BEGIN CERTIFICATE-----'))
        again = self.create('l', type='x509', public_key=made['public_key'])
        self.assertEqual(made['fingerprint'], again['fingerprint'])

    def test_versions(self):
        made = self.create('a', version='2.1', status=200)
        self.assertEqual({'name', 'public_key', 'fingerprint', 'user_id'}, set(made))
        self.create('b', version='2.1', status=400, type='ssh')
        self.create('a@b.c', version='2.91', status=400)
        self.create('a@b.c', version='2.92')
        for wrong in ('', ' a', 'a' * 256, 'ä', 'a/b', 1, None):
            self.create(wrong, status=400)
        self.api('DELETE', '/os-keypairs/a', user='joe', version='2.1', status=202)
        self.api('DELETE', '/os-keypairs/a@b.c', user='joe', status=204)
        self.api('DELETE', '/os-keypairs/a', user='joe', status=404)

    def test_pages(self):
        for name in ('c', 'a', 'b'):
            self.create(name)
        page = self.api('GET', '/os-keypairs?limit=2', user='joe', status=200).json
        self.assertEqual(['a', 'b'], [item['keypair']['name'] for item in page['keypairs']])
        self.assertIn('marker=b', page['keypairs_links'][0]['href'])
        self.assertEqual(['c'], self.names('?limit=2&marker=b'))
        self.assertEqual(['a', 'b', 'c'], self.names('?limit=2', version='2.34'))
        self.api('GET', '/os-keypairs?marker=nope', user='joe', status=400)

    def test_others(self):
        self.create()
        self.assertEqual([], self.names(user='admin'))
        self.assertEqual(['k'], self.names('?user_id=joe', user='admin'))
        self.api('GET', '/os-keypairs/k?user_id=joe', user='admin', status=200)
        self.api('GET', '/os-keypairs?user_id=joe', user='jim', status=403)
        self.create('l', user='jim', user_id='joe', status=403)
        self.assertEqual('joe', self.create('l', user='admin', user_id='joe')['user_id'])
        self.create('m', user='admin', user_id='u' * 256, status=400)
        self.api('DELETE', '/os-keypairs/l?user_id=joe', user='jim', status=403)
        self.api('DELETE', '/os-keypairs/l?user_id=joe', user='admin', status=204)


class Quota(KeypairTest):
    CONFIG = {('quota', 'key_pairs'): 1}

    def test_limit(self):
        self.create('a')
        self.create('b', status=403)
        self.assertEqual(['a'], self.names())
        self.create('a', user='jim')
