# SPDX-License-Identifier: Apache-2.0
"""Whether a server of a flavor can boot from an image, as far as both can be known before. Pure."""

from oslo_utils import strutils

from nova_lite import errors

_GIB = 1024 ** 3


class UnfitImage(errors.Invalid):
    """The image cannot be booted from, or not with this flavor."""


class DiskNeeded(errors.Forbidden):
    """The flavor has no disk, and the caller may not make such a server of an image."""

    message = 'Only volume-backed servers are allowed for flavors with zero disk.'


def check(image, flavor, *, disk_config, may_be_diskless):
    """Raise UnfitImage or DiskNeeded unless `flavor` can boot from `image` (`messages.guests`).

    `disk_config` as asked for, None for none; `may_be_diskless`: policy lets flavors without a disk boot from images.
    """
    properties = image.properties
    if disk_config == 'AUTO' and not _auto_disk_allowed(properties):
        raise UnfitImage(f'Requested image {image.id} has automatic disk resize disabled.')
    if image.status != 'active':
        raise UnfitImage(f'Image {image.id} is not active.')
    if properties.get('cinder_encryption_key_id'):
        raise UnfitImage(f'Image {image.id} is unacceptable: Direct booting of an image uploaded from an encrypted '
                         f'volume is unsupported.')
    if properties.get('img_config_drive', 'optional') not in ('optional', 'mandatory'):
        raise UnfitImage(f"Image's config drive option '{properties['img_config_drive']}' is invalid")
    if flavor.memory_mb < image.min_ram:
        raise UnfitImage("Flavor's memory is too small for requested image.")
    _check_disk(image, flavor.root_gb * _GIB, may_be_diskless)


def disk_config(image, asked):
    """`OS-DCF:diskConfig` of a new server: as asked for, else as the image says."""
    return asked or ('AUTO' if strutils.bool_from_string(_auto_disk(image.properties)) else 'MANUAL')


def _check_disk(image, disk, may_be_diskless):
    size = image.size or 0
    least = image.min_disk * _GIB
    if disk == 0:
        if not may_be_diskless:
            raise DiskNeeded()
    elif size > disk:
        raise UnfitImage(f"Flavor's disk is too small for requested image. Flavor disk is {disk} bytes, image is "
                         f'{size} bytes.')
    elif least > disk:
        raise UnfitImage(f"Flavor's disk is smaller than the minimum size specified in image metadata. Flavor disk "
                         f'is {disk} bytes, minimum size is {least} bytes.')


def _auto_disk(properties):
    return properties.get('auto_disk_config') or properties.get('hw_auto_disk_config') or ''


def _auto_disk_allowed(properties):
    return _auto_disk(properties).lower() != 'disabled'
