# SPDX-License-Identifier: Apache-2.0
"""Placement as a client: what is asked, with which microversion, and what comes back."""

import json

import testtools

from nova_lite import errors
from nova_lite.clients import placement
from tests.fakes.http import WsgiHttp

PROVIDER = {'uuid': 'u', 'name': 'n', 'generation': 3, 'parent_provider_uuid': None, 'root_provider_uuid': 'u',
            'links': []}


class Script:
    """Expects requests in order and answers each as told."""

    def __init__(self, *steps):
        self.steps = list(steps)

    def __call__(self, environ, start_response):
        expected, version, status, body = self.steps.pop(0)
        got = f'{environ["REQUEST_METHOD"]} {environ["PATH_INFO"]}'
        got += f'?{environ["QUERY_STRING"]}' if environ['QUERY_STRING'] else ''
        if got != expected or environ['HTTP_OPENSTACK_API_VERSION'] != f'placement {version}':
            raise AssertionError(f'{got} {environ["HTTP_OPENSTACK_API_VERSION"]}, not {expected} {version}')
        self.sent = environ['wsgi.input'].read()
        start_response(f'{status} X', [])
        return [json.dumps(body).encode() if body is not None else b'']


class PlacementTest(testtools.TestCase):

    def client(self, *steps):
        self.script = Script(*steps)
        self.addCleanup(lambda: self.assertEqual([], self.script.steps))
        return placement.Placement(WsgiHttp(self.script))

    def test_a_provider_that_is_there(self):
        providers = self.client(('GET /resource_providers/u', '1.20', 200, PROVIDER)).providers
        self.assertEqual(3, providers.ensure('u', 'n').generation)

    def test_a_provider_that_is_made(self):
        providers = self.client(
            ('GET /resource_providers/u', '1.20', 404, None),
            ('POST /resource_providers', '1.20', 200, PROVIDER | {'generation': 0})).providers
        self.assertEqual(0, providers.ensure('u', 'n', parent='p').generation)
        self.assertEqual({'uuid': 'u', 'name': 'n', 'parent_provider_uuid': 'p'}, json.loads(self.script.sent))

    def test_a_provider_that_somebody_makes_meanwhile(self):
        found = {'resource_providers': [PROVIDER]}
        steps = (
            ('GET /resource_providers/u', '1.20', 404, None),
            ('POST /resource_providers', '1.20', 409, {'errors': [{'code': placement.DUPLICATE_NAME}]}),
            ('GET /resource_providers?name=n', '1.20', 200, found),
        )
        self.assertEqual('u', self.client(*steps).providers.ensure('u', 'n').uuid)
        other = (('GET /resource_providers/v', '1.20', 404, None), *steps[1:])
        error = self.assertRaises(errors.Conflict, self.client(*other).providers.ensure, 'v', 'n')
        self.assertEqual(placement.DUPLICATE_NAME, error.details['code'])

    def test_inventories_traits_and_aggregates(self):
        client = self.client(
            ('PUT /resource_providers/u/inventories', '1.26', 200, {
                'inventories': {'VCPU': {'total': 8, 'allocation_ratio': 4.0}}, 'resource_provider_generation': 4}),
            ('PUT /traits/CUSTOM_A', '1.6', 201, None),
            ('PUT /resource_providers/u/traits', '1.6', 200, {
                'traits': ['CUSTOM_A', 'HW_CPU_X86_AVX'], 'resource_provider_generation': 5}),
            ('PUT /resource_providers/u/aggregates', '1.19', 200, {
                'aggregates': ['a'], 'resource_provider_generation': 6}),
        )
        new = client.providers.set_inventories('u', {'VCPU': placement.Inventory(8, allocation_ratio=4.0)}, 3)
        self.assertEqual((4, 8), (new.resource_provider_generation, new.inventories['VCPU'].total))
        traits = client.providers.set_traits('u', {'HW_CPU_X86_AVX', 'CUSTOM_A'}, 4)
        self.assertEqual(5, traits.resource_provider_generation)
        self.assertEqual(6, client.providers.set_aggregates('u', {'a'}, 5).resource_provider_generation)

    def test_a_lost_race(self):
        body = {'errors': [{'detail': 'generation', 'code': placement.CONCURRENT_UPDATE}]}
        client = self.client(
            ('PUT /resource_providers/u/inventories', '1.26', 409, body), ('PUT /allocations/c', '1.38', 409, body))
        for call in (
            lambda: client.providers.set_inventories('u', {}, 3),
            lambda: client.allocations.put('c', {}, project_id='p', user_id='u', generation=1),
        ):
            self.assertEqual(placement.CONCURRENT_UPDATE, self.assertRaises(errors.Conflict, call).details['code'])

    def test_candidates(self):
        client = self.client(('GET /allocation_candidates?resources=VCPU%3A1&limit=5', '1.39', 200, {
            'allocation_requests': [{'allocations': {'u': {'resources': {'VCPU': 1}}}, 'mappings': {'': ['u']}}],
            'provider_summaries': {'u': {'resources': {'VCPU': {'capacity': 8, 'used': 1}}, 'traits': ['T'],
                                         'parent_provider_uuid': None, 'root_provider_uuid': 'u'}}}))
        found = client.allocations.candidates([('resources', 'VCPU:1'), ('limit', 5)])
        self.assertEqual({'VCPU': 1}, found.allocation_requests[0].allocations['u'].resources)
        self.assertEqual(8, found.provider_summaries['u'].resources['VCPU'].capacity)

    def test_allocations(self):
        client = self.client(
            ('GET /allocations/c', '1.38', 200, {'allocations': {}}),
            ('PUT /allocations/c', '1.38', 204, None),
            ('GET /allocations/c', '1.38', 200, {
                'allocations': {'u': {'resources': {'VCPU': 2}, 'generation': 9}}, 'project_id': 'p', 'user_id': 'u',
                'consumer_generation': 1, 'consumer_type': 'INSTANCE'}),
            ('DELETE /allocations/c', '1.38', 204, None),
            ('DELETE /allocations/c', '1.38', 404, None),
            ('GET /resource_providers/u/allocations', '1.20', 200, {
                'allocations': {'c': {'resources': {'VCPU': 2}}}, 'resource_provider_generation': 9}),
        )
        self.assertIsNone(client.allocations.show('c').consumer_generation)
        client.allocations.put('c', {'u': {'VCPU': 2}}, project_id='p', user_id='u', generation=None)
        self.assertEqual({
            'allocations': {'u': {'resources': {'VCPU': 2}}}, 'project_id': 'p', 'user_id': 'u',
            'consumer_generation': None, 'consumer_type': 'INSTANCE'}, json.loads(self.script.sent))
        held = client.allocations.show('c')
        self.assertEqual((1, {'VCPU': 2}), (held.consumer_generation, held.allocations['u'].resources))
        client.allocations.delete('c')
        client.allocations.delete('c')
        self.assertEqual({'c': {'VCPU': 2}}, client.allocations.of_provider('u'))
