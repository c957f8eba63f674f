# SPDX-License-Identifier: Apache-2.0
"""The form of answers: what an implementation from the documentation alone would get wrong."""

import json

import testtools

from nova_lite.placement import conf, policies
from nova_lite.placement.handlers import allocation_candidates
from tests.functional.placement.base import Client, PlacementTest, claim_body, uid

P = f'/resource_providers/{uid(1)}'


class HeadersTest(PlacementTest):

    def test_version_and_vary(self):
        answer = self.api('GET', '/resource_providers', version='latest')
        self.assertEqual('placement 1.39', answer.headers['openstack-api-version'])
        self.assertEqual('openstack-api-version', answer.headers['vary'])
        for path, method, varies in (('/nowhere', 'GET', False), (P, 'GET', False), (P, 'DELETE', True),
                                     ('/resource_classes/CUSTOM_X', 'GET', False), (f'{P}/inventories', 'GET', True),
                                     ('/resource_classes/CUSTOM_X', 'DELETE', False), ('/traits/CUSTOM_X', 'GET', True),
                                     ('/resource_providers/', 'GET', False), ('/traits', 'POST', True)):
            answer = self.api(method, path)
            self.assertEqual(varies, 'vary' in answer.headers, path)
            self.assertIn('openstack-api-version', answer.headers)
        refused = self.api('GET', '/', version='9.9')
        self.assertEqual(406, refused.status)
        self.assertEqual(('1.39', '1.0'), (refused.error['max_version'], refused.error['min_version']))
        self.assertNotIn('openstack-api-version', refused.headers)

    def test_request_id(self):
        answer = self.api('GET', '/nowhere')
        self.assertEqual(answer.headers['x-openstack-request-id'], answer.error['request_id'])
        nobody = Client(self.api.application, token=None)
        self.assertIn('x-openstack-request-id', nobody('GET', '/nowhere').headers)
        self.assertEqual(401, nobody('GET', '/nowhere').status)
        self.assertEqual(200, nobody('GET', '/').status)

    def test_empty_answers(self):
        created = self.api('PUT', '/traits/CUSTOM_X')
        self.assertEqual(201, created.status)
        self.assertEqual('http://localhost/traits/CUSTOM_X', created.headers['location'])
        self.assertNotIn('content-type', created.headers)
        self.assertEqual('no-cache', created.headers['cache-control'])
        gone = self.api('DELETE', '/traits/CUSTOM_X')
        self.assertEqual((204, b''), (gone.status, gone.body))
        self.assertNotIn('content-length', gone.headers)

    def test_cache_headers_begin_with_1_15(self):
        self.provider(uid(1))
        for version, there in (('1.14', False), ('1.15', True)):
            answer = self.api('GET', P, version=version)
            self.assertEqual((there, there), ('last-modified' in answer.headers, 'cache-control' in answer.headers))
        empty = self.api('GET', f'{P}/inventories')
        self.assertEqual((False, True), ('last-modified' in empty.headers, 'cache-control' in empty.headers))

    def test_form_of_an_error_follows_accept(self):
        for accept, kind in (('text/html', 'text/html; charset=UTF-8'),
                             ('application/xml', 'text/plain; charset=UTF-8'),
                             ('application/json', 'application/json')):
            self.assertEqual(kind, self.api('DELETE', P, headers={'accept': accept}).headers['content-type'])
        self.assertEqual(406, self.api('GET', '/resource_providers', headers={'accept': 'text/plain'}).status)

    def test_methods(self):
        for method in ('HEAD', 'OPTIONS', 'PATCH', 'BREW'):
            self.assertEqual(405, self.api(method, '/resource_providers').status, method)
        self.assertEqual('GET, POST', self.api('PATCH', '/resource_providers').headers['allow'])
        self.assertEqual(405, self.api('POST', '/traits', version='1.0').status)
        self.assertEqual(404, self.api('GET', '/traits', version='1.0').status)


class GenerationsTest(PlacementTest):

    def test_what_raises_a_provider(self):
        self.provider(uid(1), inventories={'VCPU': {'total': 9}})
        self.provider(uid(2), inventories={'VCPU': {'total': 9}})
        path = f'/allocations/{uid(7)}'
        self.ok('PUT', path, claim_body({uid(1): {'VCPU': 1}, uid(2): {'VCPU': 1}}))
        self.assertEqual([2, 2], self.generations())
        self.ok('PUT', path, claim_body({uid(2): {'VCPU': 1}}, generation=1))
        self.assertEqual([2, 3], self.generations())
        self.ok('DELETE', path)
        self.assertEqual([2, 3], self.generations())
        self.ok('PUT', f'/resource_providers/{uid(2)}', {'name': 'other', 'parent_provider_uuid': uid(1)})
        self.assertEqual([2, 3], self.generations())

    def generations(self):
        return [self.ok('GET', f'/resource_providers/{uid(n)}').json['generation'] for n in (1, 2)]

    def test_a_refused_claim_leaves_no_consumer(self):
        self.provider(uid(1), inventories={'VCPU': {'total': 1}})
        path = f'/allocations/{uid(7)}'
        self.assertEqual(400, self.api('PUT', path, claim_body({uid(9): {'VCPU': 1}})).status)
        self.ok('PUT', path, claim_body({}))
        self.ok('PUT', path, claim_body({uid(1): {'VCPU': 1}}))
        self.assertEqual(1, self.ok('GET', path).json['consumer_generation'])

    def test_a_claim_may_shrink_what_is_over(self):
        self.provider(uid(1), inventories={'VCPU': {'total': 8}})
        path = f'/allocations/{uid(7)}'
        self.ok('PUT', path, claim_body({uid(1): {'VCPU': 8}}))
        self.ok('PUT', f'{P}/inventories/VCPU', {'total': 2, 'resource_provider_generation': 2})
        self.ok('PUT', path, claim_body({uid(1): {'VCPU': 6}}, generation=1))
        self.assertEqual(409, self.api('PUT', path, claim_body({uid(1): {'VCPU': 7}}, generation=2)).status)


class LongAnswersTest(PlacementTest):

    def test_a_long_answer_is_streamed(self):
        self.provider(uid(1))
        for number in range(2, 10):
            self.provider(uid(number), parent=uid(1), inventories={'PGPU': {'total': 8}})
        groups = '&'.join(f'resources{n}=PGPU:1' for n in range(1, 6))
        answer = self.api('GET', f'/allocation_candidates?{groups}&group_policy=isolate')
        self.assertNotIn('content-length', answer.headers)
        self.assertGreater(len(answer.body), allocation_candidates.WHOLE)
        found = json.loads(answer.body)
        self.assertEqual(8 * 7 * 6 * 5 * 4, len(found['allocation_requests']))
        self.assertEqual(9, len(found['provider_summaries']))


class OptionsTest(testtools.TestCase):

    def test_every_option_and_rule_is_explained(self):
        for group, options in conf.list_opts():
            for option in options:
                self.assertGreater(len(option.help.strip()), 30, f'{group} {option.name}')
        self.assertEqual(38, len(policies.list_rules()))
