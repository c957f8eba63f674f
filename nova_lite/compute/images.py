# SPDX-License-Identifier: Apache-2.0
"""The image cache: one download for many builds, verified, checked by the driver, and put in place in one move."""

import hashlib
import os
import secrets as random_names
import threading

from oslo_log import log

from nova_lite import errors

LOG = log.getLogger(__name__)


class ImageUnacceptable(errors.Invalid):
    """The image is not what Glance says of it, or cannot be used here."""


class _Flight:
    """One download, and how it ended: `error` None and `ended` set means that the file is there."""

    def __init__(self):
        self.ended = threading.Event()
        self.error = None


class ImageCache:
    """The cache of one host. `glance.download(image_id, context)` gives the image's bytes piece by piece.

    `slots` bounds how many downloads and conversions run at the same time; `minimum_age` is in seconds.
    """

    def __init__(self, disks, glance, clock, slots, minimum_age=86400):
        self._disks = disks
        self._slots = slots
        self._glance = glance
        self._clock = clock
        self._minimum_age = minimum_age
        self._lock = threading.Lock()
        self._flights = {}
        # libvirt may make a file its own, so when it was used last cannot be written on the file.
        self._used_at = {}

    def fetch(self, image, secrets, task):
        """The path of the prepared image, fetched if need be; None without an image or for a driver that needs none.

        `secrets['token']`, where given, is the user's. Raises ImageUnacceptable and what the Glance client raises.
        """
        folder = self._disks.image_folder
        if image is None or folder is None:
            return None
        folder.mkdir(parents=True, exist_ok=True)
        target = self._disks.image_file(image)
        # Noted before the look: from here on `expire` leaves the file alone.
        self._used_at[target] = self._clock.now().timestamp()
        while not target.exists():
            self._fetch_once(image, secrets, target, task)
        return target

    def expire(self):
        """Delete images that no disk reads and nobody fetched lately, and what broken downloads left behind."""
        folder = self._disks.image_folder
        if folder is None or not folder.exists():
            return
        used = self._disks.images_in_use()
        limit = self._clock.now().timestamp() - self._minimum_age
        for path in folder.iterdir():
            last = max(path.stat().st_mtime, self._used_at.get(path, 0.0)) if path.is_file() else limit
            if path not in used and last < limit:
                LOG.info('removing the cached image %s, unused since %s s', path, self._minimum_age)
                path.unlink(missing_ok=True)
                self._used_at.pop(path, None)

    def _fetch_once(self, image, secrets, target, task):
        """Fetch, or wait for the build that fetches. Returns without the file if that one was called off or broke."""
        with self._lock:
            flight = self._flights.get(image.id)
            leading = flight is None
            if leading:
                flight = self._flights[image.id] = _Flight()
        if not leading:
            while not flight.ended.is_set():
                task.sleep(0.1)
            if isinstance(flight.error, errors.Error) and not isinstance(flight.error, errors.Unavailable):
                raise flight.error
            return
        try:
            with self._slots.hold(task):
                self._download(image, secrets, target, task)
        except BaseException as error:
            flight.error = error
            raise
        finally:
            with self._lock:
                del self._flights[image.id]
            flight.ended.set()

    def _download(self, image, secrets, target, task):
        stem = f'{target.name}.{random_names.token_hex(4)}'
        downloaded, prepared = target.with_name(stem + '.part'), target.with_name(stem + '.new')
        try:
            self._receive(image, secrets, downloaded, task)
            self._disks.prepare_image(downloaded, image, prepared, task)
            _sync(prepared)
            os.replace(prepared, target)
            _sync(target.parent)
        finally:
            downloaded.unlink(missing_ok=True)
            prepared.unlink(missing_ok=True)

    def _receive(self, image, secrets, path, task):
        digest, expected = _digest(image)
        received = 0
        with open(path, 'wb') as file:
            for chunk in self._glance.download(image.id, secrets.get('token')):
                received += len(chunk)
                if image.size is not None and received > image.size:
                    raise ImageUnacceptable(f'Image {image.id} is larger than the {image.size} bytes it should have.')
                file.write(chunk)
                digest.update(chunk)
                task.progress(min(90, 90 * received // image.size) if image.size else 0)
        if image.size is not None and received < image.size:
            raise errors.Unavailable(f'Only {received} of {image.size} bytes of image {image.id} arrived.')
        if expected and digest.hexdigest() != expected:
            raise ImageUnacceptable(f'Image {image.id} does not have the checksum that it should have.')


def _digest(image):
    """(hash object, expected value or None): Glance's own choice of hash, else its MD5."""
    if image.os_hash_algo and image.os_hash_value and image.os_hash_algo in hashlib.algorithms_available:
        return hashlib.new(image.os_hash_algo, usedforsecurity=False), image.os_hash_value
    return hashlib.md5(usedforsecurity=False), image.checksum


def _sync(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


