# SPDX-License-Identifier: Apache-2.0
"""Whatever is sent to any route: never a 500. What may be right is made from the schemas themselves."""

import json
import urllib.parse

import hypothesis
from hypothesis import strategies as st

from nova_lite.api import microversions, routes
from nova_lite.api.operation import Actions
from tests.functional.api.test_hosts import UUID, HostTest

_QUIET = hypothesis.settings(
    max_examples=400, deadline=None, database=None, derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large,
                           hypothesis.HealthCheck.filter_too_much, hypothesis.HealthCheck.differing_executors])

TEXT = st.text(max_size=300) | st.sampled_from(
    ['', ' ', 'a', 'a\x00b', '\u2028', '9' * 5000, 'true', '-1', '%s', "'", '\U0001d4b3', 'h1', 'z1', '..', 'nova'])
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.just(10 ** 30)
JSON = st.recursive(st.none() | st.booleans() | NUMBERS | TEXT,
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6)
PLACES = st.sampled_from(['1', '0', '99999999999999999999', 'f', 'h1', 'default', 'enable', 'force-down', 'x', 'v2.1',
                          UUID.format(0), UUID.format(9), 'os-volumes', 'a' * 300, 'ü', '%00', '%ff', '-', '٣']) | TEXT

# Servers have a test of their own (`test_servers_hostile`), with what they need beside them.
OPERATIONS = [(path, method, action, operation)
              for path, methods in sorted(routes.table().items()) if not path.startswith('/servers')
              for method, target in sorted(methods.items())
              for action, operation in (target.operations.items() if isinstance(target, Actions) else [(None, target)])
              if operation.function.__name__ != 'refuse']


def fitting(schema):
    """Values that the JSON schema `schema` may well accept."""
    if 'enum' in schema:
        return st.sampled_from(schema['enum'])
    for word in ('oneOf', 'anyOf'):
        if word in schema and 'properties' not in schema:
            return st.one_of([fitting(choice) for choice in schema[word]])
    kinds = schema.get('type', 'string')
    kind = kinds if isinstance(kinds, str) else [name for name in kinds if name != 'null'][0]
    if kind == 'object':
        known = {name: sometimes_wild(part) for name, part in schema.get('properties', {}).items()}
        for part in schema.get('patternProperties', {}).values():
            known |= {name: sometimes_wild(part) for name in ('a', 'hw:cpu_policy', 'availability_zone')}
        required = schema.get('required', ())
        return st.fixed_dictionaries({name: known[name] for name in required},
                                     optional={name: known[name] for name in known if name not in required})
    if kind == 'array':
        return st.lists(fitting(schema.get('items', {})), max_size=2)
    if kind == 'integer':
        return st.integers(schema.get('minimum', -1), min(schema.get('maximum', 100), 100)).flatmap(
            lambda number: st.sampled_from([number, str(number)]))
    if kind in ('number', 'boolean', 'null'):
        return {'number': NUMBERS, 'boolean': st.booleans(), 'null': st.none()}[kind]
    return TEXT | st.sampled_from(
        ['a', 'b c', 'h1', 'nova-compute', UUID.format(0), 'nova', '1', '1.5', 'asc', 'admin', 'ssh'])


def sometimes_wild(schema):
    """`fitting` most of the time."""
    return st.integers(0, 9).flatmap(lambda dice: JSON if dice == 0 else fitting(schema))


@st.composite
def requests(draw):
    """(method, path, query, body, version, root) of one operation."""
    path, method, action, operation = draw(st.sampled_from(OPERATIONS))
    version = draw(st.integers(operation.since, operation.until))
    legacy = draw(st.integers(0, 9)) == 0
    index = microversions.LEGACY if legacy else version
    parts = [urllib.parse.quote(draw(PLACES), safe='%') if part.startswith('{') else part for part in path.split('/')]
    schema = operation.body[index]
    body = draw(sometimes_wild(schema.definition)) if schema else draw(JSON)
    if action is not None and schema is None:
        body = {action: body}
    schema = operation.query[index]
    known = schema.definition.get('properties', {}) if schema else {}
    query = [(name, str(value)) for name, part in known.items() if draw(st.integers(0, 3)) == 0
             for value in draw(sometimes_wild(part).filter(lambda found: isinstance(found, list)))]
    return method, '/'.join(parts), query, body, f'2.{version}', '/v2' if legacy else '/v2.1'


class Hostile(HostTest):
    def setUp(self):
        super().setUp()
        self.api('POST', '/flavors', {'flavor': {'name': 'f', 'id': 'f', 'ram': 1, 'vcpus': 1, 'disk': 1,
                                                 'os-flavor-access:is_public': False}}, status=200)
        self.api('POST', '/os-aggregates', {'aggregate': {'name': 'a', 'availability_zone': 'z1'}}, status=200)

    @_QUIET
    @hypothesis.given(request=requests(), user=st.sampled_from(['admin', 'admin', 'joe']))
    def test_never_500(self, request, user):
        method, path, query, body, version, root = request
        # Making an RSA key takes longer than all the rest, and holds nothing to find here.
        if path == '/os-keypairs' and isinstance(body, dict) and isinstance(body.get('keypair'), dict):
            body['keypair'].setdefault('public_key', 'x')
        result = self.api(method, path, version=version, user=user, root=root, text=json.dumps(body).encode(),
                          query_string=urllib.parse.urlencode(query, errors='replace'),
                          headers={'Content-Type': 'application/json'})
        self.assertNotEqual(500, result.status_code, result.text)
        self.assertNotEqual(503, result.status_code, result.text)
