# SPDX-License-Identifier: Apache-2.0
"""The little languages of the query, version by version."""

from types import SimpleNamespace

import testtools

from nova_lite.placement import errors
from nova_lite.placement.objects import candidate_request, query

AGG_1, AGG_2 = '11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'


def call(minor, *pairs):
    return SimpleNamespace(pairs=list(pairs), since=lambda least: minor >= least,
                           values=lambda name: [value for key, value in pairs if key == name])


class ResourcesTest(testtools.TestCase):

    def test_read(self):
        self.assertEqual({'VCPU': 2, 'DISK_GB': 5}, query.resources('VCPU:2,DISK_GB:5'))
        self.assertEqual({'VCPU': 3}, query.resources('VCPU:2,VCPU:3'))

    def test_refused(self):
        for text in ('', ' ', 'VCPU', 'VCPU:', 'VCPU:x', 'VCPU:0', 'VCPU:-1', 'VCPU:1:2', 'VCPU:1,'):
            self.assertRaises(errors.BadRequest, query.resources, text)


class TraitsTest(testtools.TestCase):

    def read(self, minor, *values):
        return query.traits(call(minor, *(('required', value) for value in values)), 'required')

    def test_read(self):
        self.assertEqual(([{'A'}, {'B'}], set()), self.read(18, 'A,B'))
        self.assertEqual(([{'A'}], {'B'}), self.read(22, 'A,!B'))
        self.assertEqual(([], {'X'}), self.read(22, '!!!X'))
        self.assertEqual(([{'A', 'B'}, {'C'}], set()), self.read(39, 'in:A,B', 'C'))

    def test_of_repeated_ones_the_last_counts_before_alternatives(self):
        self.assertEqual(([{'B'}], set()), self.read(38, 'A', 'B'))

    def test_refused(self):
        for minor, value in ((18, '!A'), (38, 'in:A'), (39, 'in:'), (39, 'in:A,!B'), (39, ''), (39, 'A,,B'), (39, '!')):
            self.assertRaises(errors.BadRequest, self.read, minor, value)


class AggregatesTest(testtools.TestCase):

    def read(self, minor, *values):
        return query.aggregates(call(minor, *(('member_of', value) for value in values)), 'member_of')

    def test_read(self):
        self.assertEqual(([{AGG_1}], set()), self.read(3, AGG_1))
        self.assertEqual(([{AGG_1, AGG_2}], set()), self.read(3, f'in:{AGG_1},{AGG_2}'))
        self.assertEqual(([{AGG_1}, {AGG_2}], set()), self.read(24, AGG_1, AGG_2))
        self.assertEqual(([], {AGG_1, AGG_2}), self.read(32, f'!{AGG_1}', f'!in:{AGG_2}'))

    def test_refused(self):
        for minor, values in ((23, (AGG_1, AGG_2)), (31, (f'!{AGG_1}',)), (39, ('x',)), (39, ('in:',)),
                              (39, (f'{AGG_1},{AGG_2}',)), (39, ('',))):
            self.assertRaises(errors.BadRequest, self.read, minor, *values)


class CandidateRequestTest(testtools.TestCase):

    def read(self, minor, *pairs):
        return candidate_request.from_call(call(minor, *pairs))

    def test_groups(self):
        got = self.read(39, ('resources', 'VCPU:1'), ('resources_A', 'DISK_GB:2'), ('required_A', 'T'), ('limit', '3'),
                        ('limit', '9'), ('same_subtree', '_A'), ('root_required', 'X,!Y'))
        self.assertEqual({'': {'VCPU': 1}, '_A': {'DISK_GB': 2}}, {s: g.resources for s, g in got.groups.items()})
        self.assertEqual([{'T'}], got.groups['_A'].required)
        self.assertEqual((3, {'X'}, {'Y'}, [{'_A'}]), (
            got.limit, got.root_required, got.root_forbidden, got.same_subtree))

    def test_suffixes_are_numbers_at_first(self):
        self.assertEqual(['1'], list(self.read(32, ('resources1', 'VCPU:1'), ('resourcesfoo', 'VCPU:1')).groups))
        self.assertEqual(['foo'], list(self.read(33, ('resourcesfoo', 'VCPU:1')).groups))

    def test_refused(self):
        resources = ('resources', 'VCPU:1')
        for minor, pairs in (
                (35, [('required1', 'T'), resources]), (35, [('member_of1', AGG_1), resources]), (35, []),
                (36, [('required1', 'T'), resources]), (36, [('required1', 'T'), ('same_subtree', '1')]),
                (36, [resources, ('same_subtree', 'x')]), (36, [resources, ('same_subtree', '')]),
                (39, [('resources1', 'VCPU:1'), ('resources2', 'VCPU:1')]), (39, [resources, ('required', 'T,!T')]),
                (39, [resources, ('root_required', 'T,!T')]), (39, [resources, ('root_required', 'in:T')]),
                (39, [resources, ('root_required', 'T'), ('root_required', 'U')])):
            self.assertRaises(errors.BadRequest, self.read, minor, *pairs)
