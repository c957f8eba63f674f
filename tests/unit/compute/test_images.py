# SPDX-License-Identifier: Apache-2.0
"""The image cache: one download for many, nothing half there, nothing unverified."""

import hashlib
import os
import tempfile
import threading
from concurrent import futures
from pathlib import Path

import testtools

from nova_lite import errors
from nova_lite.compute import images, lanes
from nova_lite.messages.guests import Image
from nova_lite.virt import interfaces
from tests.unit.compute import parts
from tests.unit.virt.driver_suite import Task

CONTENT = os.urandom(20000)


class Disks:
    """A driver's disks as far as the cache needs them."""

    def __init__(self, folder):
        self.image_folder = folder
        self.used = set()

    def image_file(self, image):
        return self.image_folder / image.id

    def prepare_image(self, downloaded, image, target, task):
        os.rename(downloaded, target)

    def images_in_use(self):
        return self.used


class ImageCacheTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / '_base'
        self.disks = Disks(self.folder)
        self.glance = parts.Glance(CONTENT)
        self.clock = parts.Clock(os.stat(folder.name).st_mtime)
        self.cache = images.ImageCache(self.disks, self.glance, self.clock, lanes.Slots(1))
        self.image = Image(id='i1', size=len(CONTENT), os_hash_algo='sha512',
                           os_hash_value=hashlib.sha512(CONTENT).hexdigest())

    def fetch(self, image=None, task=None):
        return self.cache.fetch(image or self.image, {}, task or Task())

    def test_fetched_once(self):
        path = self.fetch()
        self.assertEqual(CONTENT, path.read_bytes())
        self.assertEqual(path, self.fetch())
        self.assertEqual(1, self.glance.downloads)
        self.assertEqual([path], list(self.folder.iterdir()))

    def test_many_builds_share_one_download(self):
        self.glance.gate = threading.Event()
        with futures.ThreadPoolExecutor(5) as pool:
            waiting = [pool.submit(self.fetch) for _ in range(5)]
            self.assertTrue(self.glance.begun.wait(parts.DEADLINE))
            self.glance.gate.set()
            self.assertEqual(1, len({one.result(parts.DEADLINE) for one in waiting}))
        self.assertEqual(1, self.glance.downloads)

    def test_a_refusal_reaches_all(self):
        self.glance.gate = threading.Event()
        wrong = Image(id='i1', size=len(CONTENT), checksum='0' * 32)
        with futures.ThreadPoolExecutor(3) as pool:
            waiting = [pool.submit(self.fetch, wrong) for _ in range(3)]
            self.assertTrue(self.glance.begun.wait(parts.DEADLINE))
            self.glance.gate.set()
            for one in waiting:
                self.assertIsInstance(one.exception(parts.DEADLINE), images.ImageUnacceptable)
        self.assertEqual([], list(self.folder.iterdir()))

    def test_a_follower_takes_over_from_one_called_off(self):
        self.glance.gate = threading.Event()
        with futures.ThreadPoolExecutor(2) as pool:
            first = pool.submit(self.fetch, None, Task(cancelled=True))
            self.assertTrue(self.glance.begun.wait(parts.DEADLINE))
            second = pool.submit(self.fetch)
            self.glance.gate.set()
            self.assertIsInstance(first.exception(parts.DEADLINE), interfaces.Cancelled)
            self.assertEqual(CONTENT, second.result(parts.DEADLINE).read_bytes())

    def test_too_long_or_too_short(self):
        self.assertRaises(images.ImageUnacceptable, self.fetch, Image(id='i1', size=100))
        self.assertRaises(errors.Unavailable, self.fetch, Image(id='i1', size=len(CONTENT) + 1))
        self.assertEqual([], list(self.folder.iterdir()))

    def test_unused_images_go_after_their_age(self):
        used = self.fetch()
        unused = self.fetch(Image(id='i2'))
        self.disks.used = {used}
        self.cache.expire()
        self.assertEqual({used, unused}, set(self.folder.iterdir()))
        self.clock.time += 90000
        self.cache.expire()
        self.assertEqual({used}, set(self.folder.iterdir()))

    def test_nothing_to_fetch(self):
        self.assertIsNone(self.cache.fetch(None, {}, Task()))
        self.disks.image_folder = None
        self.assertIsNone(self.fetch())
