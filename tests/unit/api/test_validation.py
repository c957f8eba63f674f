# SPDX-License-Identifier: Apache-2.0
"""Schema windows, formats, numbers in strings, the texts of errors."""

import testtools

from nova_lite.api import formats, validation
from nova_lite.api.schemas import types


class Windows(testtools.TestCase):
    def test_bounds(self):
        windows = validation.Windows(('2.0', '2.0', 'a'), ('2.1', '2.54', 'b'), ('2.55', None, 'c'))
        self.assertEqual(['a', 'b', 'b', 'c', 'c'], [windows[version] for version in (0, 1, 54, 55, 104)])
        windows = validation.Windows(('2.1', '2.9', 'a'), ('2.20', None, 'b'))
        self.assertEqual([None, 'a', None, 'b'], [windows[version] for version in (0, 1, 10, 20)])
        self.assertEqual('x', validation.windows('x')[0])


class Bodies(testtools.TestCase):
    def refuse(self, definition, body, words=''):
        error = self.assertRaises(validation.ValidationError, validation.Schema(definition).check_body, body)
        self.assertIn(words, str(error))
        return str(error)

    def test_numbers_in_strings(self):
        schema = validation.Schema({'properties': {'n': types.integer(1, 10)}})
        for value in (1, '1', 10, '10'):
            schema.check_body({'n': value})
        for value in (0, '0', 11, '11', '9' * 5000, 10 ** 400, 'x', 1.5, True, None, ''):
            self.refuse(schema.definition, {'n': value}, 'Invalid input for field/attribute n. Value: ')

    def test_texts(self):
        thing = types.enclosed('thing', {'name': types.NAME}, 'name')
        self.refuse(thing, {'thing': {}}, "Invalid input for field/attribute thing. Value: {}. \"name\" is a required")
        self.refuse(thing, {'thing': {'name': 'a', 'b': 1}}, "properties are not allowed ('b' was unexpected)")
        self.refuse(thing, None, 'is not of type')
        self.refuse(thing, {'thing': {'name': ' a'}}, 'Invalid name: only printable characters')

    def test_no_secrets(self):
        number = {'type': 'integer'}
        for schema in ({'adminPass': number}, {'user_data': {'format': 'base64'}}, {'x': number}):
            text = self.refuse(types.enclosed('server', schema, 'missing'), {
                'server': {'adminPass': 'hush', 'user_data': 'hush', 'x': {'adminPass': 'hush'}}})
            self.assertNotIn('hush', text)

    def test_legacy_drops_unknown(self):
        schema = validation.Schema(types.enclosed('thing', {
            'name': types.NAME, 'parts': {'type': 'array', 'items': types.closed({'a': {}})},
            'metadata': {'type': 'object', 'patternProperties': {'^[a-z]$': {}}, 'additionalProperties': False}}))
        body = {'thing': {'name': 'n', 'x': 1, 'parts': [{'a': 1, 'b': 2}], 'metadata': {'k': 1}}, 'y': 2}
        schema.check_body(body, legacy=True)
        self.assertEqual({'thing': {'name': 'n', 'parts': [{'a': 1}], 'metadata': {'k': 1}}}, body)
        self.assertRaises(validation.ValidationError, schema.check_body, {'thing': {'metadata': {'K': 1}}}, legacy=True)


class Queries(testtools.TestCase):
    def test_unknown(self):
        loose = validation.Schema(types.query({'limit': types.LIMIT}))
        self.assertEqual({'limit': ['1']}, loose.check_query({'limit': ['1'], 'x': ['2']}))
        strict = validation.Schema(types.query({'limit': types.LIMIT}, strict=True))
        self.assertRaises(validation.ValidationError, strict.check_query, {'x': ['2']})
        error = self.assertRaises(validation.ValidationError, strict.check_query, {'limit': ['a']})
        self.assertIn('Invalid input for query parameters limit. Value: a. ', str(error))


class Formats(testtools.TestCase):
    def test_them(self):
        for name, good, bad in (
                ('name', ('a', 'a b', 'ä€', ''), (' a', 'a ', 'a\n', '\u200b', '\u3000a', '\U0001f600')),
                ('name_with_leading_trailing_spaces', (' a ', 'a'), ('  ', '', 'a\n')),
                ('az_name', ('nova',), ('a:b', ' a')),
                ('uuid', ('9fc6c3c5-6c69-4c9c-8b9c-6ba1bd2cd7e2', '9FC6C3C56C694C9C8B9C6BA1BD2CD7E2'),
                 ('x', '', '1' * 31)),
                ('cidr', ('10.0.0.0/8', '10.0.0.1/8', '::/0'), ('10.0.0.0', '10.0.0.0/33', '10.0.0.0 /8')),
                ('base64', ('YQ==', ''), ('YQ', 'YQ=')),
                ('date-time', ('2024-01-02T03:04:05Z', '2024-01-02', '2024-01-02T03:04:05+02:00'),
                 ('x', '', '2024-13-01')),
                ('uri', ('http://a/b',), ('a', 'http://', 'http://a b', 'http://a:x/')),
                ('regex', ('a.*',), ('(', ''))):
            for value in good:
                self.assertTrue(formats.FORMATS[name](value), (name, value))
            for value in bad:
                self.assertFalse(formats.FORMATS[name](value), (name, value))
