# SPDX-License-Identifier: Apache-2.0
"""Drivers are found by their entry points and by Nova's names."""

import random

import testtools

from nova_lite.virt import capabilities, driver, loader
from tests.unit.compute import parts


class LoaderTest(testtools.TestCase):

    def load(self, name):
        conf = parts.options(compute_driver=name, host='host-1')
        return loader.load(conf, random=random.Random(1))

    def test_both_names(self):
        self.assertEqual('fake', self.load('fake').name)
        self.assertEqual('fake', self.load('fake.FakeDriver').name)

    def test_unknown_or_none(self):
        error = self.assertRaises(loader.DriverNotFound, self.load, 'nothing.Driver')
        self.assertIn('libvirt', str(error))
        self.assertRaises(loader.DriverNotFound, self.load, None)

    def test_capability_traits(self):
        able = capabilities.Capabilities(frozenset({'multiattach'}), frozenset({'raw', 'qcow2'}))
        found = capabilities.traits(able, excluded_formats=['raw'])
        self.assertTrue(found['COMPUTE_VOLUME_MULTI_ATTACH'])
        self.assertFalse(found['COMPUTE_ACCELERATORS'])
        self.assertFalse(found['COMPUTE_IMAGE_TYPE_RAW'])
        self.assertTrue(found['COMPUTE_IMAGE_TYPE_QCOW2'])

    def test_unknown_words_are_mistakes(self):
        self.assertRaises(ValueError, capabilities.Capabilities, frozenset({'flying'}))
        self.assertRaises(TypeError, driver.Driver, 'x', None, wings=object())
