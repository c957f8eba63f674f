# SPDX-License-Identifier: Apache-2.0
"""What new servers are called."""

import re

import testtools
from hypothesis import given
from hypothesis import strategies as st

from nova_lite.operations import server_names


class ServerNamesTest(testtools.TestCase):
    def test_as_nova(self):
        for name, wanted in (('demo', 'demo'), ('My Server_1.x', 'my-server-1-x'), ('-.a.-', 'a'), ('日本', ''),
                             ('a' * 70, 'a' * 63), ('x!@#y', 'xy'), ('Ünï', 'ünï')):
            self.assertEqual(wanted, server_names.hostname_of(name))

    def test_several(self):
        self.assertEqual(('web-2', 'web-2'), server_names.of_server('web', None, 'u', 1, 3))
        self.assertEqual(('web', 'web'), server_names.of_server('web', None, 'u', 0, 1))
        self.assertEqual(('日本-2', 'Server-u'), server_names.of_server('日本', None, 'u', 1, 2))
        self.assertEqual(('web', 'given'), server_names.of_server('web', 'given', 'u', 0, 1))

    @given(st.text(max_size=300))
    def test_a_hostname_is_one(self, name):
        found = server_names.hostname_of(name)
        self.assertTrue(found == '' or re.fullmatch(r'[\w-]{1,63}', found), found)
