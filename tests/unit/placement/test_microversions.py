# SPDX-License-Identifier: Apache-2.0
"""Which version a header asks for."""

import testtools

from nova_lite.placement import microversions as mv


class NegotiateTest(testtools.TestCase):

    def test_accepted(self):
        for header, version in (
                (None, '1.0'), ('', '1.0'), ('compute 2.1', '1.0'), ('1.10', '1.0'), ('placement=1.10', '1.0'),
                ('placement 1.10', '1.10'), ('PLACEMENT   1.10', '1.10'), ('placement latest', '1.39'),
                ('placement 1.1, placement 1.12', '1.12'), ('placement 1.12, compute 2.1', '1.12')):
            self.assertEqual(version, str(mv.negotiate(header)), header)

    def test_refused(self):
        for header in ('placement 1.40', 'placement 2.0', 'placement 0.9'):
            self.assertRaises(mv.Unknown, mv.negotiate, header)
        for header in ('placement x', 'placement 1', 'placement 1.2.3', 'placement pony.horse'):
            self.assertRaises(mv.Malformed, mv.negotiate, header)

    def test_history_is_whole(self):
        self.assertEqual(list(range(40)), [minor for minor, _ in mv.HISTORY])
