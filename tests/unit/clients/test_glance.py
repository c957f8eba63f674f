# SPDX-License-Identifier: Apache-2.0
"""Glance as a client, against a Glance in memory, over HTTP and without."""

import testtools

from nova_lite import conf, errors
from nova_lite.clients import glance
from nova_lite.service import wsgi
from tests.fakes.glance import Glance
from tests.fakes.http import WsgiHttp

CONTENT = bytes(range(256)) * 20000


class GlanceTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.fake = Glance()
        self.image = self.fake.add('cirros', CONTENT, hw_disk_bus='virtio', min_disk=1, hw_number=5)
        self.client = glance.Glance(WsgiHttp(self.fake.application))

    def over_http(self):
        server = wsgi.Server(self.fake.application, wsgi.listen('127.0.0.1', 0))
        server.start()
        self.addCleanup(server.stop, 10)
        options = conf.new(config_files=[], config_dirs=[])
        options.set_override('api_servers', [f'http://127.0.0.1:{server.port}/v2'], 'glance')
        return glance.Glance.from_conf(options)

    def test_show(self):
        for client in (self.client, self.fake, self.over_http()):
            image = client.show(self.image, 'theirs')
            self.assertEqual(('cirros', 1, len(CONTENT), 'raw'), (
                image.name, image.min_disk, image.size, image.disk_format))
            self.assertEqual({'hw_disk_bus': 'virtio', 'hw_number': '5'}, image.properties)
            self.assertEqual('theirs', self.fake.tokens[-1])
            self.assertRaises(errors.NotFound, client.show, 'absent')

    def test_download(self):
        for client in (self.client, self.fake, self.over_http()):
            self.assertEqual(CONTENT, b''.join(client.download(self.image)))

    def test_a_download_that_breaks_off_is_continued(self):
        self.fake.break_after = 1_000_000
        self.assertEqual(CONTENT, b''.join(self.over_http().download(self.image)))

    def test_an_image_without_data_and_one_that_is_gone(self):
        empty = self.fake.add('empty')
        for client in (self.client, self.fake, self.over_http()):
            self.assertRaises(errors.Conflict, list, client.download(empty))
            self.assertRaises(errors.NotFound, list, client.download('absent'))

    def test_what_is_not_an_image(self):
        self.fake.images[self.image]['size'] = 'large'
        self.assertRaises(errors.Unavailable, self.client.show, self.image)
