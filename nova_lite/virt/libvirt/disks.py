# SPDX-License-Identifier: Apache-2.0
"""Guests' disks in files: the cached image, the root disk on top of it, ephemeral and swap disks, the config drive.

A disk is made under another name and moved into place when it is whole, so that one that exists is one to use.
"""

import hashlib
import os
import shutil
from pathlib import Path

from oslo_concurrency import processutils
from oslo_log import log
from oslo_utils import units

from nova_lite import errors
from nova_lite.hardware import image_properties
from nova_lite.virt import configdrive, metadata
from nova_lite.virt.interfaces import Disks
from nova_lite.virt.libvirt import inspection, qemu_img
from nova_lite.virt.libvirt.xml import devices

LOG = log.getLogger(__name__)


class DiskTooSmall(errors.Invalid):
    """The flavor's root disk is smaller than the image."""


class LibvirtDisks(Disks):
    """Disks below `instances_path`."""

    def __init__(self, conf, files):
        self._conf = conf
        self._files = files
        self._qemu_img = qemu_img.QemuImg(
            conf.libvirt.images_address_space_limit, conf.libvirt.images_cpu_time_limit)

    @property
    def image_folder(self):
        return self._files.images

    def image_file(self, image):
        # The name says the format: a prepared image must not be asked, because its content is a stranger's.
        kept_as_it_is = image.disk_format == 'qcow2' and not self._conf.force_raw_images
        name = hashlib.sha1(image.id.encode(), usedforsecurity=False).hexdigest()
        return self._files.images / (name + '.qcow2' if kept_as_it_is else name)

    def prepare_image(self, downloaded, image, target, task):
        source_format = inspection.check(downloaded, image, self._conf.compute.vmdk_allowed_types)
        try:
            self._prepare(downloaded, source_format, image, target, task)
        except qemu_img.QemuImgFailed as error:
            if not error.refused:
                raise
            raise inspection.ImageUnsafe(f'Image {image.id} cannot be read: {error}') from error
        os.chmod(target, 0o644)

    def _prepare(self, downloaded, source_format, image, target, task):
        found = self._qemu_img.info(downloaded, source_format, task)
        if found.get('backing-filename') or found.get('format-specific', {}).get('data', {}).get('data-file'):
            raise inspection.ImageUnsafe(f'Image {image.id} refers to another file.')
        if source_format == _format_by_name(self.image_file(image)):
            os.replace(downloaded, target)
        else:
            self._qemu_img.convert(downloaded, source_format, target, 'raw', found['virtual-size'], task)

    def create(self, guest, base, task, admin_password=None):
        if base is None:
            raise errors.Unsupported('This host boots servers from images only.')
        self._files.instances.mkdir(parents=True, exist_ok=True)
        # Others may pass through to the files that they may read, and not look around.
        self._files.folder(guest.uuid).mkdir(exist_ok=True, mode=0o711)
        if not self._files.root(guest.uuid).exists():
            self._create_root(guest, base, task)
        for path, gib, command in (
                (self._files.ephemeral(guest.uuid), guest.flavor.ephemeral_gb, ('mkfs.ext4', '-F', '-L', 'ephemeral0')),
                (self._files.swap(guest.uuid), guest.flavor.swap / 1024, ('mkswap', '-L', 'swap'))):
            if gib and not path.exists():
                _create_formatted(path, int(gib * units.Gi), command)
        if self._wants_config_drive(guest) and not self._files.config_drive(guest.uuid).exists():
            files = metadata.files(guest, os.urandom(512), self._conf.api.dhcp_domain, admin_password)
            configdrive.write(self._files.config_drive(guest.uuid), files, self._conf.config_drive_format,
                              self._conf.mkisofs_cmd)

    def describe(self, guest):
        bus = image_properties.choice(guest.image, 'hw_disk_bus', image_properties.DISK_BUSES, 'virtio')
        return {'root_device_name': guest.root_device_name or f'/dev/{devices.target_prefix(bus)}a',
                'config_drive': self._files.config_drive(guest.uuid).exists()}

    def remove(self, uuid, task):
        folder = self._files.folder(uuid)
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            if folder.exists():
                raise

    def list(self):
        return self._files.guests()

    def images_in_use(self):
        found = {self.made_of(uuid)[1] for uuid in self._files.guests()}
        return {Path(path) for path in found if path}

    def root_format(self, uuid):
        """The format of the guest's root disk; raw if there is none."""
        return self.made_of(uuid)[0]

    def made_of(self, uuid):
        """(format of the guest's root disk, path of the cached image that it reads or '')."""
        try:
            text = self._files.root_made_of(uuid).read_text()
        except FileNotFoundError:
            return 'raw', ''
        disk_format, _, base = text.partition('\n')
        return disk_format, base.strip()

    def _create_root(self, guest, base, task):
        path = self._files.root(guest.uuid)
        base_format = _format_by_name(base)
        image_size = self._size_of(base, base_format, task)
        size = guest.flavor.root_gb * units.Gi or image_size
        if size < image_size:
            raise DiskTooSmall(f'The root disk of flavor {guest.flavor.name} has {size} bytes, fewer than the '
                               f'{image_size} bytes of image {guest.image.id}.')
        root_format = _root_format(self._conf, guest.image)
        new = path.with_suffix('.new')
        new.unlink(missing_ok=True)
        if root_format == 'qcow2':
            self._qemu_img.create_overlay(new, size, base, base_format, task)
        else:
            self._qemu_img.convert(base, base_format, new, 'raw', image_size, task)
            if size > image_size and guest.image.disk_format != 'iso':
                self._qemu_img.resize(new, 'raw', size, task)
        if self._conf.preallocate_images == 'space':
            processutils.execute('fallocate', '-n', '-l', str(size), str(new))
        os.chmod(new, 0o640)
        self._files.root_made_of(guest.uuid).write_text(f'{root_format}\n{base if root_format == "qcow2" else ""}\n')
        os.replace(new, path)

    def _size_of(self, base, base_format, task):
        if base_format == 'raw':
            return base.stat().st_size
        return self._qemu_img.info(base, base_format, task)['virtual-size']

    def _wants_config_drive(self, guest):
        return (guest.config_drive or self._conf.force_config_drive
                or image_properties.config_drive_is_mandatory(guest.image))


def _root_format(conf, image):
    if image is not None and image.disk_format == 'iso':
        return 'raw'
    if conf.libvirt.images_type == 'default':
        return 'qcow2' if conf.use_cow_images else 'raw'
    return 'qcow2' if conf.libvirt.images_type == 'qcow2' else 'raw'


def _format_by_name(path):
    return 'qcow2' if path.suffix == '.qcow2' else 'raw'


def _create_formatted(path, size, command):
    new = path.with_name(path.name + '.new')
    with open(new, 'wb') as file:
        file.truncate(size)
    processutils.execute(*command, str(new))
    os.chmod(new, 0o640)
    os.replace(new, path)
