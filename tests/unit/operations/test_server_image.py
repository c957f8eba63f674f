# SPDX-License-Identifier: Apache-2.0
"""Which images a flavor can boot from."""

import testtools

from nova_lite.messages.guests import Flavor, Image
from nova_lite.operations import server_image

FLAVOR = Flavor(id=1, flavorid='1', name='f', vcpus=1, memory_mb=64, root_gb=1)
DISKLESS = Flavor(id=2, flavorid='2', name='g', vcpus=1, memory_mb=64, root_gb=0)
GIB = 1024 ** 3


class ServerImageTest(testtools.TestCase):
    def check(self, flavor=FLAVOR, disk_config=None, may_be_diskless=False, **image):
        server_image.check(Image(id='i', **image), flavor, disk_config=disk_config, may_be_diskless=may_be_diskless)

    def test_fits(self):
        self.check(size=GIB, min_disk=1, min_ram=64, properties={'img_config_drive': 'mandatory'})
        self.check(DISKLESS, size=9 * GIB, may_be_diskless=True)

    def test_does_not(self):
        for image in ({'status': 'queued'}, {'min_ram': 65}, {'min_disk': 2}, {'size': GIB + 1},
                      {'properties': {'img_config_drive': 'maybe'}}, {'properties': {'cinder_encryption_key_id': 'k'}},
                      {'properties': {'auto_disk_config': 'Disabled'}, 'disk_config': 'AUTO'}):
            self.assertRaises(server_image.UnfitImage, self.check, **image)
        self.assertRaises(server_image.DiskNeeded, self.check, DISKLESS)

    def test_disk_config(self):
        image = Image(id='i', properties={'auto_disk_config': 'true'})
        self.assertEqual('AUTO', server_image.disk_config(image, None))
        self.assertEqual('MANUAL', server_image.disk_config(image, 'MANUAL'))
        self.assertEqual('MANUAL', server_image.disk_config(Image(id='i'), None))
