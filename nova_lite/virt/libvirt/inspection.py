# SPDX-License-Identifier: Apache-2.0
"""Looks into downloaded images before anything else opens them: an image is a stranger's file.

A qcow2 with a backing or data file, a VMDK that names other files, or content that is not of the format that the
image claims would let its owner read files of the host. oslo.utils' inspectors read the headers without acting on them.
"""

from oslo_utils.imageutils import format_inspector

from nova_lite import errors

# what Glance calls a format -> (what the content may turn out to be, what qemu-img calls it)
_FORMATS = {
    'raw': ({'raw', 'gpt'}, 'raw'),
    'aki': ({'raw'}, 'raw'), 'ari': ({'raw'}, 'raw'), 'ami': ({'raw', 'gpt'}, 'raw'),
    'qcow2': ({'qcow2'}, 'qcow2'), 'vmdk': ({'vmdk'}, 'vmdk'), 'vdi': ({'vdi'}, 'vdi'),
    'vhd': ({'vhd'}, 'vpc'), 'vhdx': ({'vhdx'}, 'vhdx'),
    'iso': ({'iso', 'gpt'}, 'raw'),
}
_CHUNK = 65536


class ImageUnsafe(errors.Invalid):
    """The image's content is not what it claims to be, or refers to something outside of it."""


def check(path, image, vmdk_types):
    """qemu-img's name of the format of the file `path`, which is checked against `image`.

    `vmdk_types` are the kinds of VMDK that are allowed. Raises ImageUnsafe.
    """
    if image.disk_format not in _FORMATS:
        raise ImageUnsafe(f'Image {image.id} has the format {image.disk_format}, which this host cannot boot.')
    allowed, qemu_name = _FORMATS[image.disk_format]
    found = _inspectors(path)
    names = {str(inspector) for inspector in found}
    if not names or not names <= allowed:
        raise ImageUnsafe(
            f'Image {image.id} claims to be {image.disk_format}, but its content is {" and ".join(sorted(names))}.')
    for inspector in found:
        try:
            inspector.safety_check()
        except format_inspector.SafetyCheckFailed as error:
            reasons = '; '.join(f'{name}: {reason}' for name, reason in error.failures.items())
            raise ImageUnsafe(f'Image {image.id} is not safe to use: {reasons}') from error
        kind = getattr(inspector, 'vmdktype', None)
        if str(inspector) == 'vmdk' and kind not in {name.lower() for name in vmdk_types}:
            raise ImageUnsafe(f'Image {image.id} is a VMDK of the kind {kind}, which is not allowed here.')
    return qemu_name


def _inspectors(path):
    """Every format that the content matches. A bootable ISO may match two."""
    with open(path, 'rb') as file:
        wrapper = format_inspector.InspectWrapper(file)
        try:
            while wrapper.formats is None and wrapper.read(_CHUNK):
                pass
        except format_inspector.ImageFormatError as error:
            raise ImageUnsafe(f'The format of the image cannot be told: {error}') from error
        finally:
            wrapper.close()
        return wrapper.formats or []
