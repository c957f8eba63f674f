# SPDX-License-Identifier: Apache-2.0
"""What every request goes through, as real Nova answers it: versions, roots, ids, bodies, faults, authentication."""

import json
import urllib.parse

import falcon.testing
import testtools

from nova_lite.api import app, microversions
from tests.functional.api import base

_VERSION_HEADERS = ('OpenStack-API-Version', 'X-OpenStack-Nova-API-Version')
_IDS = ('x-openstack-request-id', 'x-compute-request-id')
_TEXT = 'text/plain; charset=UTF-8'
_FAULT = 'application/json; charset=UTF-8'


class Documents(base.ApiTest):
    """Version documents need no token."""

    def test_every_version(self):
        result = self.client.simulate_get('/', host='cloud:8774')
        self.assertEqual(200, result.status_code)
        self.assertEqual(['v2.0', 'v2.1'], [version['id'] for version in result.json['versions']])
        self.assertEqual(('2.104', '2.1', 'CURRENT'), tuple(
            result.json['versions'][1][key] for key in ('version', 'min_version', 'status')))
        self.assertEqual('http://cloud:8774/v2.1/', result.json['versions'][1]['links'][0]['href'])
        for header in (*_VERSION_HEADERS, *_IDS, 'Vary'):
            self.assertNotIn(header, result.headers)

    def test_choices(self):
        result = self.client.simulate_get('/foo/bar')
        self.assertEqual((300, ['choices']), (result.status_code, list(result.json)))
        self.assertTrue(result.json['choices'][1]['links'][0]['href'].endswith('/v2.1/foo/bar'))

    def test_one_version(self):
        for path in ('/v2.1', '/v2.1/'):
            result = self.client.simulate_get(path)
            self.assertEqual('v2.1', result.json['version']['id'])
            self.assertEqual('compute 2.1', result.headers['OpenStack-API-Version'])
            self.assertEqual(result.headers[_IDS[0]], result.headers[_IDS[1]])
        legacy = self.client.simulate_get('/v2/')
        self.assertEqual(('v2.0', ''), (legacy.json['version']['id'], legacy.json['version']['version']))
        self.assertNotIn('OpenStack-API-Version', legacy.headers)

    def test_below_the_project(self):
        self.assertEqual('v2.1', self.api('GET', '/abc1/', project='abc1', status=200).json['version']['id'])
        self.api('GET', '/abc1', project='abc1', status=404)
        self.assertEqual('v2.1', self.api('GET', '/versions/v2.1', status=200).json['version']['id'])
        self.api('GET', '/versions/v9', status=404)

    def test_link_prefix(self):
        self.conf.set_override('compute_link_prefix', 'https://proxy/compute', 'api')
        self.assertEqual('https://proxy/compute/v2.1/',
                         self.client.simulate_get('/v2.1/').json['version']['links'][0]['href'])


class Negotiation(base.ApiTest):
    def _ask(self, **headers):
        return self.api('GET', '/extensions/os-nope', version=None, headers={
            name.replace('_', '-'): value for name, value in headers.items()})

    def test_echo(self):
        for headers, version in (
                ({}, '2.1'), ({'OpenStack_API_Version': 'compute 2.10'}, '2.10'),
                ({'OpenStack_API_Version': 'compute latest'}, '2.104'),
                ({'OpenStack_API_Version': 'placement 1.0'}, '2.1'),
                ({'OpenStack_API_Version': 'placement 1.0, compute 2.7'}, '2.7'),
                ({'X_OpenStack_Nova_API_Version': '2.30'}, '2.30'),
                ({'X_OpenStack_Nova_API_Version': '2.30', 'OpenStack_API_Version': 'compute 2.40'}, '2.40')):
            result = self._ask(**headers)
            self.assertEqual(404, result.status_code)
            self.assertEqual((f'compute {version}', version), tuple(result.headers[name] for name in _VERSION_HEADERS))
            self.assertEqual(', '.join(_VERSION_HEADERS), result.headers['Vary'])

    def test_not_served(self):
        for version in ('2.105', '2.0', '1.0', '3.1', '2.999999999999999999999'):
            result = self._ask(OpenStack_API_Version=f'compute {version}')
            self.assertEqual((406, 'computeFault'), (result.status_code, self.fault(result)[0]), version)
            self.assertEqual(version, result.headers['X-OpenStack-Nova-API-Version'])

    def test_no_version(self):
        for version in ('abc', '2.01', '2', '2.1.1', '2.-1'):
            result = self._ask(OpenStack_API_Version=f'compute {version}')
            self.assertEqual((400, 'badRequest'), (result.status_code, self.fault(result)[0]), version)
            self.assertNotIn('OpenStack-API-Version', result.headers)

    def test_legacy_root(self):
        result = self.api('GET', '/extensions/os-nope', root='/v2', version='2.40', status=404)
        for header in (*_VERSION_HEADERS, 'Vary'):
            self.assertNotIn(header, result.headers)
        self.assertIn(_IDS[0], result.headers)
        body = {'flavor': {'name': ' spaced ', 'ram': '1', 'vcpus': 1, 'disk': 0, 'unknown': 1}}
        self.api('POST', '/flavors', body, version='2.1', status=400)
        flavor = self.api('POST', '/flavors', body, root='/v2', version='2.104', status=200).json['flavor']
        self.assertEqual('spaced', flavor['name'])
        self.assertNotIn('description', flavor)


class Roads(base.ApiTest):
    def test_no_route(self):
        for method, path in (('GET', '/nosuch'), ('PATCH', '/flavors'), ('GET', '/flavors/detail/'),
                             ('DELETE', '/os-agents'), ('GET', '/extensions.xml'), ('GET', '//flavors'),
                             ('OPTIONS', '/flavors'), ('PUT', '/flavors')):
            result = self.api(method, path, status=404)
            self.assertEqual(_TEXT, result.headers['content-type'], path)
            self.assertNotIn('OpenStack-API-Version', result.headers)
            self.assertIn(_IDS[0], result.headers)

    def test_project_in_path(self):
        self.api('GET', '/abc1/flavors', project='abc1', status=200)
        result = self.api('GET', '/ffff/flavors', project='abc1', status=400)
        self.assertIn("doesn't match Context's project_id", self.fault(result)[1])
        flavor = {'flavor': {'name': 'a', 'id': 'a', 'ram': 1, 'vcpus': 1, 'disk': 0}}
        self.api('POST', '/flavors', flavor, status=200)
        for path, middle in (('/abc1/flavors', '/abc1'), ('/flavors', '')):
            links = self.api('GET', path, project='abc1', status=200).json['flavors'][0]['links']
            self.assertEqual([f'/v2.1{middle}/flavors/a', f'{middle}/flavors/a'],
                             [urllib.parse.urlsplit(link['href']).path for link in links])

    def test_gone(self):
        for method, path in (('GET', '/os-agents'), ('GET', '/os-cells'), ('POST', '/os-networks')):
            result = self.api(method, path, status=410)
            self.assertEqual('computeFault', self.fault(result)[0])
        self.api('POST', '/servers/x/action', {'resetNetwork': None}, status=410)
        self.api('GET', '/images', version='2.36', status=404)
        self.api('POST', '/os-baremetal-nodes', {'node': {}}, version='2.35', status=400)
        self.api('POST', '/os-baremetal-nodes', {'node': {}}, version='2.36', status=404)

    def test_outside_its_versions(self):
        result = self.api('PUT', '/flavors/a', {'flavor': {'description': 'x'}}, version='2.54', status=404)
        self.assertEqual(('itemNotFound', 'The resource could not be found.'), self.fault(result))
        self.assertEqual('2.54', result.headers['X-OpenStack-Nova-API-Version'])


class Bodies(base.ApiTest):
    def test_content_type(self):
        result = self.api('POST', '/flavors', headers={'Content-Type': 'text/xml'}, status=415, text='<x/>')
        self.assertEqual('badMediaType', self.fault(result)[0])

    def test_malformed(self):
        for text in ('{bad', '', '[' * 20000, '{"flavor": NaN}', '"\\ud800"', '{"flavor": {"name": "a\\u0000"}}'):
            result = self.api('POST', '/flavors', body=None, text=text, status=400,
                              headers={'Content-Type': 'application/json'})
            self.assertEqual('badRequest', self.fault(result)[0])

    def test_too_large(self):
        result = self.api('POST', '/flavors', text='x' * 120000, status=413)
        self.assertEqual(_TEXT, result.headers['content-type'])
        self.assertIn(_IDS[0], result.headers)

    def test_without_a_length(self):
        self.api('POST', '/flavors', headers={'Transfer-Encoding': 'chunked'}, status=411)

    def test_actions(self):
        for body in ({'nosuch': None}, {'a': None, 'b': 1}, {}, [], None, 1, 'x', ['addTenantAccess']):
            result = self.api('POST', '/flavors/x/action', headers={'Content-Type': 'application/json'},
                              text=json.dumps(body), status=400)
            self.assertEqual('badRequest', self.fault(result)[0])

    def test_query(self):
        for query in ('limit=abc', 'limit=-1', 'limit=', 'marker=%00', 'name=%ff', 'limit=' + '9' * 5000,
                      'sort_key=nope', 'sort_dir=up'):
            self.api('GET', '/flavors', query_string=query, status=400)
        self.api('GET', '/flavors', query_string='foo=1', version='2.74', status=200)
        self.api('GET', '/flavors', query_string='foo=1', version='2.75', status=400)
        self.api('GET', '/limits', query_string='foo=1', version='2.74', status=200)
        self.api('GET', '/extensions', query_string='foo=1', version='2.101', status=200)
        self.api('GET', '/extensions', query_string='foo=1', version='2.102', status=400)

    def test_no_secret_is_repeated(self):
        for name in ('adminPass', 'user_data'):
            result = self.api('POST', '/servers', {'server': {name: ['hush'], 'name': 'a'}}, status=400)
            self.assertNotIn('hush', result.text)


class Authentication(base.ApiTest):
    def test_no_token(self):
        for path in ('/v2.1/flavors', '/v2.1/nosuch', '/v2/flavors'):
            result = self.client.simulate_get(path)
            self.assertEqual((401, 'Unauthorized'), (result.status_code, result.json['error']['title']))
            self.assertIn(_IDS[0], result.headers)

    def test_roles(self):
        flavor = {'flavor': {'name': 'a', 'ram': 1, 'vcpus': 1, 'disk': 0}}
        result = self.api('POST', '/flavors', flavor, user='joe', status=403)
        self.assertEqual(('forbidden', "Policy doesn't allow os_compute_api:os-flavor-manage:create to be performed."),
                         self.fault(result))
        self.api('POST', '/flavors', flavor, user='joe', headers={'X-Roles': 'admin'}, status=200)


class Fronts(base.ApiTest):
    """Behind a proxy, and asked by a page of another origin."""

    def setUp(self):
        super().setUp()
        self.conf.set_override('allowed_origin', ['http://ui'], 'cors')
        self.conf.set_override('enable_proxy_headers_parsing', True, 'oslo_middleware')
        self.composed = app.make_app(self.conf, self.deps)
        self.client = falcon.testing.TestClient(lambda environ, start_response: self.composed(environ, start_response))

    def test_proxy(self):
        result = self.client.simulate_get('/v2.1/', headers={'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'pub'})
        self.assertEqual('https://pub/v2.1/', result.json['version']['links'][0]['href'])

    def test_other_origin(self):
        headers = {'Origin': 'http://ui', 'Access-Control-Request-Method': 'GET',
                   'Access-Control-Request-Headers': 'OpenStack-API-Version'}
        answer = {}
        # Not through the client: it insists on a content type, which oslo.middleware gives to no empty answer.
        self.composed(falcon.testing.create_environ('/v2.1/flavors', method='OPTIONS', headers=headers),
                      lambda status, found, exc_info=None: answer.update(found))
        self.assertEqual('http://ui', answer['Access-Control-Allow-Origin'])
        shown = self.client.simulate_get('/v2.1/', headers={'Origin': 'http://ui'}).headers
        self.assertIn('OpenStack-API-Version', shown['Access-Control-Expose-Headers'])


class Boundaries(testtools.TestCase):
    def test_every_version_has_a_sentence(self):
        self.assertEqual(list(range(1, 105)), [number for number, _ in microversions.history()])
