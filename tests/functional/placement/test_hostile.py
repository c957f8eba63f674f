# SPDX-License-Identifier: Apache-2.0
"""Whatever is sent, to every route at every version: a refusal that says why, never a 500, and nothing half written."""

import hypothesis
from hypothesis import strategies as st

from nova_lite.placement import microversions
from nova_lite.placement.routes import ROUTES
from tests.functional.placement.base import PlacementTest, uid

SETTINGS = hypothesis.settings(max_examples=400, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))

NAMES = st.sampled_from(
    [
        'VCPU',
        'NOPE',
        'CUSTOM_X',
        'CUSTOM_é',
        'lower',
        '',
        'X' * 300,
        'HW_CPU_X86_AVX',
        uid(1),
        uid(2),
        uid(1).replace('-', ''),
        f'{{{uid(1)}}}',
        '-' * 36,
        'ABCDEFAB-0000-4000-8000-000000000000',
        '\0',
        '%',
        "' OR 1=1 --",
        '𝔘',
        '0',
    ]
)
SCALARS = st.one_of(
    NAMES,
    st.integers(-2, 3),
    st.sampled_from([10**10, 2**63, 10**40, -(10**40), 0.5, 1e308, -1e308, 1.0]),
    st.booleans(),
    st.none(),
)
KEYS = st.one_of(
    NAMES,
    st.sampled_from(
        [
            'name',
            'uuid',
            'parent_provider_uuid',
            'inventories',
            'resource_provider_generation',
            'total',
            'reserved',
            'allocation_ratio',
            'traits',
            'aggregates',
            'allocations',
            'resources',
            'resource_provider',
            'project_id',
            'user_id',
            'consumer_generation',
            'consumer_type',
            'mappings',
            'resource_class',
            'generation',
        ]
    ),
)
BODIES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=12
)
RESOURCES = st.dictionaries(st.sampled_from(['VCPU', 'NOPE', 'x']), SCALARS, min_size=1, max_size=2)
INVENTORY = st.fixed_dictionaries(
    {'total': SCALARS},
    optional={name: SCALARS for name in ('reserved', 'min_unit', 'max_unit', 'step_size', 'allocation_ratio')},
)
CLAIM = st.fixed_dictionaries(
    {
        'allocations': st.dictionaries(
            st.sampled_from([uid(1), uid(9), 'x']), st.fixed_dictionaries({'resources': RESOURCES}), max_size=2
        ),
        'project_id': NAMES,
        'user_id': NAMES,
        'consumer_generation': st.none() | SCALARS,
        'consumer_type': NAMES,
    }
)
# Nearly right: what only the code behind the schemas can refuse.
NEARLY = st.one_of(
    CLAIM,
    st.dictionaries(st.sampled_from([uid(7), uid(8), '-' * 36]), CLAIM, max_size=2),
    st.fixed_dictionaries({'name': NAMES, 'uuid': NAMES}, optional={'parent_provider_uuid': NAMES}),
    st.fixed_dictionaries(
        {
            'resource_provider_generation': st.integers(0, 3),
            'inventories': st.dictionaries(NAMES, INVENTORY | SCALARS, max_size=2),
        }
    ),
    st.fixed_dictionaries({'resource_provider_generation': st.integers(0, 3), 'traits': st.lists(NAMES, max_size=2)}),
    st.fixed_dictionaries(
        {'resource_provider_generation': st.integers(0, 3), 'aggregates': st.lists(NAMES, max_size=2)}
    ),
    st.fixed_dictionaries({'resource_class': NAMES, 'total': SCALARS, 'allocation_ratio': SCALARS}),
    st.fixed_dictionaries(
        {
            'inventories': st.dictionaries(
                st.sampled_from([uid(1), uid(9)]),
                st.fixed_dictionaries(
                    {
                        'resource_provider_generation': st.integers(0, 3),
                        'inventories': st.dictionaries(NAMES, INVENTORY | SCALARS, max_size=2),
                    }
                ),
                min_size=1,
                max_size=2,
            ),
            'allocations': st.dictionaries(st.sampled_from([uid(7)]), CLAIM, max_size=1),
        }
    ),
)
PARAMETERS = st.sampled_from(
    [
        'resources',
        'resources1',
        'resources_A',
        'required',
        'required1',
        'required_A',
        'member_of',
        'member_of1',
        'in_tree',
        'in_tree1',
        'limit',
        'group_policy',
        'root_required',
        'same_subtree',
        'name',
        'uuid',
        'project_id',
        'user_id',
        'consumer_type',
        'associated',
        'nope',
        '%ff',
        'é',
    ]
)
VALUES = st.sampled_from(
    [
        '',
        'VCPU:1',
        'VCPU:0',
        'VCPU:-1',
        'VCPU:1,',
        ':',
        'VCPU:1:1',
        'NOPE:1',
        f'VCPU:{10**30}',
        'VCPU:१',
        'HW_CPU_X86_AVX',
        '!HW_CPU_X86_AVX',
        'in:HW_CPU_X86_AVX,NOPE',
        'in:',
        '!',
        ',',
        'in:!A',
        uid(1),
        f'in:{uid(1)},{uid(2)}',
        f'!{uid(1)}',
        '!in:',
        '1',
        '01',
        '0',
        '-1',
        str(10**30),
        'none',
        'isolate',
        '1,_A',
        '_A',
        'startswith:CUSTOM',
        'in:a,b',
        'x:y',
        'true',
        'all',
        'unknown',
        'INSTANCE',
        '%00',
        '%ff',
        '%F0%9D%94%98',
        'a b',
        'p',
    ]
)
QUERIES = st.lists(st.tuples(PARAMETERS, VALUES), max_size=4).map(
    lambda pairs: '&'.join(f'{k}={v}' for k, v in pairs)
)


class HostileTest(PlacementTest):
    def setUp(self):
        super().setUp()
        self.provider(uid(1), inventories={'VCPU': {'total': 4}}, traits=['HW_CPU_X86_AVX'], aggregates=[uid(2)])

    @SETTINGS
    @hypothesis.given(
        path=st.sampled_from(sorted(ROUTES)),
        method=st.sampled_from(['GET', 'PUT', 'POST', 'DELETE']),
        fill=NAMES,
        version=st.sampled_from(sorted(microversions.VERSIONS)),
        body=st.none() | BODIES | NEARLY,
        query=QUERIES,
    )
    def test_every_route(self, path, method, fill, version, body, query):
        for field in ('uuid', 'name', 'consumer_uuid', 'resource_class'):
            path = path.replace(f'{{{field}}}', fill.replace('%', '%25'))
        if '?' in path or '#' in path:
            return
        self.check(self.api(method, f'{path}?{query}' if method == 'GET' else path, body, version))

    @SETTINGS
    @hypothesis.given(
        path=st.sampled_from(
            [
                '/resource_providers',
                f'/resource_providers/{uid(1)}',
                f'/resource_providers/{uid(1)}/inventories',
                f'/resource_providers/{uid(1)}/inventories/VCPU',
                f'/resource_providers/{uid(1)}/traits',
                f'/resource_providers/{uid(1)}/aggregates',
                f'/allocations/{uid(7)}',
                '/allocations',
                '/reshaper',
                '/resource_classes',
            ]
        ),
        method=st.sampled_from(['PUT', 'POST']),
        body=NEARLY,
        version=st.sampled_from(['1.12', '1.19', '1.28', '1.38', '1.39']),
    )
    def test_bodies_that_are_nearly_right(self, path, method, body, version):
        self.check(self.api(method, path, body, version, headers={'x-roles': 'admin,service'}))

    @SETTINGS
    @hypothesis.given(
        raw=st.binary(max_size=60)
        | st.sampled_from(
            [
                b'{"name": "\\ud800"}',
                b'\xff',
                b'[' * 100000,
                b'{"name": 1e999}',
                b'{"name": NaN}',
                b'{"name":"a","name":"b"}',
            ]
        )
    )
    def test_bodies_that_are_no_json(self, raw):
        self.check(self.api('POST', '/resource_providers', raw=raw))

    @SETTINGS
    @hypothesis.given(
        value=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40),
        name=st.sampled_from(
            ['accept', 'openstack-api-version', 'content-type', 'x-roles', 'x-openstack-request-id', 'x-auth-token']
        ),
    )
    def test_headers(self, value, name):
        self.check(self.api('GET', '/resource_providers', headers={name: value}))

    def check(self, answer):
        self.assertLess(answer.status, 500, answer.body)
        if answer.status >= 400 and answer.headers['content-type'] == 'application/json' and answer.status != 401:
            self.assertEqual(answer.status, answer.error['status'])
            self.assertTrue(answer.error['detail'])
