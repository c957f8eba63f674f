# SPDX-License-Identifier: Apache-2.0
"""Flavors, their extra specs, and who may use the private ones."""

from tests.functional.api import base


class FlavorTest(base.ApiTest):
    def flavor(self, id='f', status=200, version=base.LATEST, **more):
        body = {'name': id or 'unnamed', 'id': id, 'ram': 512, 'vcpus': 1, 'disk': 10} | more
        result = self.api('POST', '/flavors', {'flavor': body}, version=version, status=status)
        return result.json.get('flavor')

    def ids(self, query='', **kwargs):
        return [flavor['id'] for flavor in self.api('GET', f'/flavors{query}', status=200, **kwargs).json['flavors']]


class Flavors(FlavorTest):
    def test_views(self):
        self.flavor(swap=0, **{'OS-FLV-EXT-DATA:ephemeral': '3'})
        always = {'id', 'name', 'ram', 'disk', 'swap', 'OS-FLV-EXT-DATA:ephemeral', 'vcpus',
                  'os-flavor-access:is_public', 'links'}
        old = {'OS-FLV-DISABLED:disabled', 'rxtx_factor'}
        for version, more in (('2.1', old), ('2.55', old | {'description'}),
                              ('2.61', old | {'description', 'extra_specs'}),
                              ('2.102', {'description', 'extra_specs'})):
            shown = self.api('GET', '/flavors/f', version=version, status=200).json['flavor']
            self.assertEqual(always | more, set(shown), version)
            listed = self.api('GET', '/flavors/detail', version=version, status=200).json['flavors']
            self.assertEqual([shown], listed)
            brief = self.api('GET', '/flavors', version=version, status=200).json['flavors'][0]
            self.assertEqual({'id', 'name', 'links'} | (more & {'description'}), set(brief))
        self.assertEqual('', self.api('GET', '/flavors/f', version='2.74').json['flavor']['swap'])
        self.assertEqual(0, self.api('GET', '/flavors/f', version='2.75').json['flavor']['swap'])

    def test_pages(self):
        for name in ('a', 'b', 'c'):
            self.flavor(name, ram=ord(name))
        first = self.api('GET', '/flavors/detail?limit=2', status=200).json
        self.assertEqual(['a', 'b'], [flavor['id'] for flavor in first['flavors']])
        self.assertIn('/v2.1/flavors/detail?limit=2&marker=b', first['flavors_links'][0]['href'])
        self.assertEqual(['c'], self.ids('?limit=2&marker=b'))
        self.assertNotIn('flavors_links', self.api('GET', '/flavors?limit=2&marker=b').json)
        self.assertEqual(['c', 'b', 'a'], self.ids('?sort_key=memory_mb&sort_dir=desc'))
        self.assertEqual([], self.ids('?limit=0'))
        for key in ('description', 'updated_at', 'created_at', 'vcpu_weight', 'vcpus'):
            self.assertEqual(['b', 'a'], self.ids(f'?sort_key={key}&sort_dir=desc&marker=c'), key)
            self.assertEqual(['b', 'c'], self.ids(f'?sort_key={key}&marker=a'), key)
        self.api('GET', '/flavors?marker=nope', status=400)

    def test_max_limit(self):
        self.conf.set_override('max_limit', 2, 'api')
        for name in ('a', 'b', 'c'):
            self.flavor(name)
        page = self.api('GET', '/flavors?limit=100', status=200).json
        self.assertEqual(2, len(page['flavors']))
        self.assertIn('marker=b', page['flavors_links'][0]['href'])

    def test_filters(self):
        self.flavor('a', ram=100, disk=1)
        self.flavor('b', ram=200, disk=2, **{'os-flavor-access:is_public': False})
        self.assertEqual(['a'], self.ids())
        self.assertEqual(['b'], self.ids('?is_public=False'))
        self.assertEqual(['a', 'b'], self.ids('?is_public=None'))
        self.assertEqual(['b'], self.ids('?is_public=None&minRam=101'))
        self.assertEqual([], self.ids('?minDisk=9999999999999999999'))
        self.assertEqual(['a'], self.ids('?name=a'))
        self.assertEqual(['a'], self.ids('?is_public=None', user='joe'))
        for query in ('is_public=maybe', 'minRam=x', 'minDisk=1.5'):
            self.api('GET', f'/flavors?{query}', status=400)

    def test_create(self):
        self.assertEqual(36, len(self.flavor(None)['id']))
        self.assertEqual('7', self.flavor(7, name='b')['id'])
        self.flavor('other', name='b', status=409)
        self.flavor('7', name='other', status=409)
        for wrong in ({'ram': 0}, {'vcpus': 2 ** 31}, {'disk': -1}, {'name': ' a'}, {'name': ''}, {'id': ' x'},
                      {'id': 10 ** 300}, {'name': 'a' * 256}, {'ram': 'x'}, {'ram': 1.5}, {'unknown': 1},
                      {'description': 'a\x07'}, {'os-flavor-access:is_public': 'maybe'}, {'swap': None}):
            self.flavor(status=400, **wrong)
        self.flavor('c', version='2.54', status=400, description='x')
        self.flavor('c', status=400, rxtx_factor=1.0)
        for factor in ('0', '0.0', 0, -1, 'x'):
            self.flavor('c', version='2.101', status=400, rxtx_factor=factor)
        self.assertEqual(1.5, self.flavor('c', version='2.101', rxtx_factor='1.5')['rxtx_factor'])

    def test_describe_and_delete(self):
        self.flavor()
        for text in ('new', None, ''):
            shown = self.api('PUT', '/flavors/f', {'flavor': {'description': text}}, status=200).json['flavor']
            self.assertEqual(text, shown['description'])
        self.api('PUT', '/flavors/nope', {'flavor': {'description': 'x'}}, status=404)
        self.api('PUT', '/flavors/f', {'flavor': {}}, status=400)
        self.api('DELETE', '/flavors/f', user='joe', status=403)
        self.assertEqual('', self.api('DELETE', '/flavors/f', status=202).text)
        self.api('DELETE', '/flavors/f', status=404)
        self.flavor()


class Access(FlavorTest):
    def act(self, action, tenant='p1', status=200, flavor='f', **kwargs):
        return self.api('POST', f'/flavors/{flavor}/action', {action: {'tenant': tenant}}, status=status, **kwargs)

    def test_private(self):
        self.flavor(**{'os-flavor-access:is_public': False})
        self.api('GET', '/flavors/f', user='joe', project='p1', status=404)
        listed = self.act('addTenantAccess').json
        self.assertEqual({'flavor_access': [{'flavor_id': 'f', 'tenant_id': 'p1'}]}, listed)
        self.act('addTenantAccess', status=409)
        self.assertEqual(listed, self.api('GET', '/flavors/f/os-flavor-access', status=200).json)
        self.assertEqual(['f'], self.ids(user='joe', project='p1'))
        self.api('GET', '/flavors/f', user='joe', project='p1', status=200)
        self.assertEqual([], self.act('removeTenantAccess').json['flavor_access'])
        self.act('removeTenantAccess', status=404)
        self.act('addTenantAccess', flavor='nope', status=404)
        self.act('addTenantAccess', user='joe', status=403)
        self.act('addTenantAccess', tenant='', status=400)

    def test_public(self):
        self.flavor()
        self.api('GET', '/flavors/f/os-flavor-access', status=404)
        self.act('addTenantAccess', version='2.7', status=409)
        self.act('addTenantAccess', version='2.6')


class ExtraSpecs(FlavorTest):
    def setUp(self):
        super().setUp()
        self.flavor()

    def specs(self, body, status=200, **kwargs):
        return self.api('POST', '/flavors/f/os-extra_specs', {'extra_specs': body}, status=status, **kwargs)

    def test_life(self):
        self.specs({'a': '1', 'b': 2})
        self.assertEqual({'a': '1', 'b': '2'}, self.api('GET', '/flavors/f/os-extra_specs').json['extra_specs'])
        self.assertEqual({'a': '9'}, self.api('PUT', '/flavors/f/os-extra_specs/a', {'a': '9'}, status=200).json)
        self.assertEqual({'a': '9'}, self.api('GET', '/flavors/f/os-extra_specs/a', user='joe', status=200).json)
        self.api('PUT', '/flavors/f/os-extra_specs/a', {'b': '9'}, status=400)
        self.api('DELETE', '/flavors/f/os-extra_specs/a', status=200)
        for method in ('GET', 'DELETE'):
            self.api(method, '/flavors/f/os-extra_specs/a', status=404)
        self.assertEqual({'b': '2'}, self.api('GET', '/flavors/f').json['flavor']['extra_specs'])
        self.specs({'a': '1'}, user='joe', status=403)
        self.api('GET', '/flavors/nope/os-extra_specs', status=404)

    def test_validation(self):
        self.specs({'hw:cpu_policy': 'nope'}, version='2.85')
        self.specs({'hw:cpu_policy': 'nope'}, version='2.86', status=400)
        self.specs({'hw:nope': 'x'}, version='2.86', status=400)
        self.specs({'mine:anything': 'x', 'plain': 'x', 'trait:CUSTOM_X': 'required'}, version='2.86')
        for wrong in ({'a': None}, {'a' * 256: 'x'}, {'é': 'x'}, {'a': 'x' * 256}, {'a': 10 ** 300}, {'a': True}):
            self.specs(wrong, status=400)


class HiddenExtraSpecs(FlavorTest):
    POLICY = {'os_compute_api:os-flavor-extra-specs:index': 'role:admin'}

    def test_left_out(self):
        self.flavor()
        self.assertIn('extra_specs', self.api('GET', '/flavors/f', status=200).json['flavor'])
        for path in ('/flavors/f', '/flavors/detail'):
            self.assertNotIn('extra_specs', self.api('GET', path, user='joe', status=200).text)
        self.api('GET', '/flavors/f/os-extra_specs', user='joe', status=403)
