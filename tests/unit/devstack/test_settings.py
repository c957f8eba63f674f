# SPDX-License-Identifier: Apache-2.0
"""make's variables: defaults, words that make no sense, and ports that follow others."""

import testtools

from devstack import settings
from devstack.errors import DevstackError


class SettingsTest(testtools.TestCase):

    def test_defaults_are_novas(self):
        read = settings.read({})
        self.assertEqual((8774, 8778, 5000, 9292, 5672), (
            read.ports.api_port, read.ports.placement_port, read.ports.keystone_port, read.ports.glance_port,
            read.ports.rabbit_port))
        self.assertEqual(settings.REPOSITORY / 'var', read.state)
        self.assertIsNone(read.mode)
        self.assertIsNone(read.driver)

    def test_empty_means_default(self):
        self.assertEqual(settings.read({}), settings.read({'API_PORT': '', 'DRIVER': '', 'STATE': ''}))

    def test_erlang_follows_the_broker(self):
        self.assertEqual((25680, 25681), self._erlang('5680'))
        self.assertEqual((30000, 30001), self._erlang('50000'))

    def test_wrong_values_name_the_variable(self):
        for name, value in (('API_PORT', '0'), ('API_PORT', '65536'), ('KEYSTONE_PORT', 'x'), ('COMPUTES', '-1'),
                            ('DRIVER', 'xen'), ('MODE', 'both'), ('COMPUTES', '2')):
            error = self.assertRaises(DevstackError, settings.read, {name: value})
            self.assertIn(name, str(error))

    def test_many_computes_with_the_fake_driver(self):
        self.assertEqual(3, settings.read({'DRIVER': 'fake', 'COMPUTES': '3'}).counts.computes)

    def _erlang(self, port):
        ports = settings.read({'RABBIT_PORT': port}).ports
        return ports.rabbit_dist_port, ports.epmd_port
