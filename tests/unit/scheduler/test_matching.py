# SPDX-License-Identifier: Apache-2.0
"""The language of extra specs."""

import testtools
from hypothesis import given
from hypothesis import strategies as st

from nova_lite.scheduler.matching import matches


class MatchingTest(testtools.TestCase):
    def test_operators(self):
        for has, wanted, expected in (
                ('1', '1', True), ('', '', True), ('3', '1', False), ('222', '2', False), ('x', '>', False),
                ('4', '> 2', False), ('4', '>= 2', True), ('4', '<= 4', True), ('2', '= 1', True), ('1', '= 2', False),
                ('4', '== 4', True), ('4', '!= 4', False), ('5.5', '>= 5.4', True), ('abc', '>= 1', False),
                ('abc', 's== abc', True), ('abc', 's!= abc', False), ('b', 's> a', True), ('a', 's>= a', True),
                ('a', 's< b', True), ('b', 's<= a', False), ('12311321', '<in> 11', True), ('12', '<in> 3', False),
                ('12', '<or> 11 <or> 12', True), ('13', '<or> 11 <or> 12', False), ('12', '<or> 12 <or>', True),
                (['a', 'b'], '<all-in> a b', True), (['a'], '<all-in> a b', False), (['a'], '<in> a', True),
                ('s== a', 's== a', False)):
            self.assertEqual(expected, matches(has, wanted), (has, wanted))

    @given(st.text() | st.lists(st.text()), st.text())
    def test_never_fails(self, has, wanted):
        self.assertIn(matches(has, wanted), (True, False))
