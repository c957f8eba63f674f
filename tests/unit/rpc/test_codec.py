# SPDX-License-Identifier: Apache-2.0
"""What crosses the wire: Structs of two releases, and errors of every kind."""

import datetime
import json

import msgspec
import testtools

from nova_lite import errors
from nova_lite.rpc import codec


class Old(msgspec.Struct, frozen=True):
    name: str


class New(msgspec.Struct, frozen=True):
    name: str
    when: datetime.datetime | None = None
    numbers: dict[int, str] = {}


class TooMany(errors.Forbidden):
    pass


class CodecTest(testtools.TestCase):

    def over_the_wire(self, data):
        return json.loads(json.dumps(data))

    def test_structs(self):
        when = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
        one = New('a', when, {1: 'x'})
        self.assertEqual(one, codec.decode(self.over_the_wire(codec.encode(one)), New))

    def test_releases_understand_each_other(self):
        self.assertEqual(Old('a'), codec.decode(self.over_the_wire(codec.encode(New('a', numbers={1: 'x'}))), Old))
        self.assertEqual(New('a'), codec.decode(self.over_the_wire(codec.encode(Old('a'))), New))

    def test_what_does_not_fit_is_told_without_its_value(self):
        error = self.assertRaises(errors.Unsupported, codec.decode, {'name': ['hunter2']}, Old)
        self.assertNotIn('hunter2', str(error))

    def test_errors_keep_their_kind(self):
        for kind in (errors.Invalid, errors.Forbidden, errors.NotFound, errors.Conflict, errors.Unsupported,
                     errors.Unavailable):
            data = self.over_the_wire(codec.encode_error(kind('because', code='x', limit=3)))
            error = codec.decode_error(data)
            self.assertIs(kind, type(error))
            self.assertEqual(('because', {'code': 'x', 'limit': 3}), (str(error), error.details))

    def test_a_subclass_is_named(self):
        error = codec.decode_error(self.over_the_wire(codec.encode_error(TooMany('cores', resource=object))))
        self.assertIs(errors.Forbidden, type(error))
        self.assertEqual('TooMany', error.reason)

    def test_what_is_not_ours_tells_its_name_only(self):
        data = self.over_the_wire(codec.encode_error(ValueError('hunter2')))
        self.assertNotIn('hunter2', repr(data))
        error = codec.decode_error(data)
        self.assertIsInstance(error, codec.RemoteFailure)
        self.assertIn('ValueError', str(error))
        self.assertEqual('whatever', str(codec.decode_error({'kind': 'FromTheFuture', 'message': 'whatever'})))
