# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a body or a query is said in words that clients know."""

import testtools

from nova_lite.placement import errors, microversions, validation
from nova_lite.placement.schemas import allocation_candidates, allocations, inventories, resource_providers

UUID = '11111111-1111-4111-8111-111111111111'


class ProblemTest(testtools.TestCase):

    def check(self, schema, data, *parts):
        problem = schema.problem(data)
        for part in parts:
            self.assertIn(part, problem)

    def test_sentences(self):
        self.check(inventories.CREATE, {'resource_class': 'VCPU'}, "'total' is a required property")
        self.check(inventories.CREATE, {'resource_class': 'VCPU', 'total': 0}, '0 is less than the minimum of 1',
                   "Failed validating 'minimum' in schema['properties']['total']")
        self.check(inventories.CREATE, {'resource_class': 'VCPU', 'total': 'x'}, "'x' is not of type 'integer'")
        create = resource_providers.CREATE.at(validation_version(39))
        self.check(create, {'name': 'x' * 201}, 'is too long', "Failed validating 'maxLength'")
        self.check(create, {'name': 'x', 'a': 1}, "Additional properties are not allowed ('a' was unexpected)")
        self.check(create, {'name': 'x', 'parent_provider_uuid': 'x'}, "'x' is not a 'uuid'")
        body = {'allocations': [], 'project_id': '', 'user_id': 'u'}
        self.check(allocations.REPLACE.at(validation_version(11)), body,
                   'should be non-empty')
        self.check(allocation_candidates.LIST.at(validation_version(33)), {'resources@': 'x', 'group_policy': 'none'},
                   "'resources@' does not match any of the regexes", '^member_of([a-zA-Z0-9_-]{1,64})?$')
        self.check(allocation_candidates.LIST.at(validation_version(33)), {'group_policy': 'x'},
                   "'x' is not one of ['none', 'isolate']")

    def test_uuids(self):
        for text in (UUID, UUID.replace('-', ''), UUID.upper(), f'{{{UUID}}}', f'urn:uuid:{UUID}'):
            self.assertTrue(validation.is_uuid(text), text)
        for text in ('', 'x', UUID[:-1], UUID + '0', '-' * 36, 'g' * 32):
            self.assertFalse(validation.is_uuid(text), text)
        self.assertFalse(validation.is_dashed_uuid(UUID.replace('-', '')))

    def test_no_json(self):
        for raw in (b'', b'{', b'\xff', b'{"name": "\\ud800"}', b'[' * 100000, b'{"name": "a\\u0000"}'):
            self.assertRaises(errors.BadRequest, validation.read_json, raw,
                              resource_providers.CREATE.at(validation_version(0)))


def validation_version(minor):

    return microversions.Version(1, minor)
