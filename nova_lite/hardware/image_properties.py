# SPDX-License-Identifier: Apache-2.0
"""Image properties that shape a guest, by Nova's names: what they may be, and what their absence means."""

from oslo_utils import strutils

from nova_lite import errors

DISK_BUSES = ('ide', 'sata', 'scsi', 'usb', 'virtio')
CDROM_BUSES = ('ide', 'sata', 'scsi', 'usb', 'virtio')
VIDEO_MODELS = ('bochs', 'cirrus', 'none', 'qxl', 'vga', 'virtio')
FIRMWARES = ('bios', 'uefi')
SCSI_MODELS = ('lsilogic', 'lsisas1068', 'lsisas1078', 'virtio-scsi')


class PropertyInvalid(errors.Invalid):
    """An image property has a value that nobody can make a guest of."""


def choice(image, name, allowed, default=None):
    """The property `name` of `image` (None: no image), one of `allowed`, or `default`. Raises PropertyInvalid."""
    value = image.properties.get(name) if image else None
    if value is None:
        return default
    if value.lower() not in allowed:
        raise PropertyInvalid(f'Image property {name} is {value!r}; possible are: {", ".join(allowed)}.')
    return value.lower()


def text(image, name, default=None):
    """The property `name` of `image` as it is, or `default`."""
    return (image.properties.get(name) if image else None) or default


def config_drive_is_mandatory(image):
    """Whether the image does not work without a config drive (`img_config_drive`)."""
    return choice(image, 'img_config_drive', ('optional', 'mandatory')) == 'mandatory'


def wants_rng(flavor):
    """Whether guests of this flavor get a random number generator (`hw_rng:allowed`, yes unless forbidden)."""
    return strutils.bool_from_string(flavor.extra_specs.get('hw_rng:allowed', 'true'))
