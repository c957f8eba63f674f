# SPDX-License-Identifier: Apache-2.0
"""The libvirt driver: QEMU and KVM guests on this host. The only home of the libvirt library."""

import shutil
from pathlib import Path

from nova_lite import errors
from nova_lite.virt import capabilities, driver
from nova_lite.virt.libvirt import connection, consoles, disks, files, guests, host, machine

CAPABILITIES = capabilities.Capabilities(
    image_formats=frozenset({'aki', 'ami', 'ari', 'iso', 'qcow2', 'raw', 'vdi', 'vhd', 'vhdx', 'vmdk'}),
)
_URIS = {'kvm': 'qemu:///system', 'qemu': 'qemu:///system'}
_IMAGES_TYPES = ('default', 'flat', 'qcow2', 'raw')


class LibvirtDriver(driver.Driver):
    """Composes the interfaces around one connection. Raises Unsupported for options that this driver does not have."""

    def __init__(self, conf, executor, **unused):
        _check(conf)
        link = connection.Connection(conf.libvirt.connection_uri or _URIS[conf.libvirt.virt_type], executor)
        paths = files.Files(Path(conf.instances_path), conf.image_cache.subdirectory_name)
        storage = disks.LibvirtDisks(conf, paths)
        node = host.LibvirtHost(conf, link, paths)
        super().__init__(
            'libvirt', CAPABILITIES, close=link.close,
            guests=guests.LibvirtGuests(
                link, paths, machine.Maker(conf, paths, storage, node), conf.libvirt.wait_soft_reboot_seconds),
            disks=storage, consoles=consoles.LibvirtConsoles(link, paths), host=node,
        )


def _check(conf):
    options = conf.libvirt
    if not shutil.which('qemu-img'):
        raise errors.Unsupported('The libvirt driver needs qemu-img, which is not installed.')
    if options.virt_type not in _URIS:
        raise errors.Unsupported(f'[libvirt] virt_type {options.virt_type} is not supported; use kvm or qemu.')
    if options.images_type not in _IMAGES_TYPES:
        raise errors.Unsupported(
            f'[libvirt] images_type {options.images_type} is not supported; use one of {", ".join(_IMAGES_TYPES)}.')
    if options.cpu_mode == 'host-passthrough' and options.virt_type != 'kvm':
        raise errors.Unsupported('[libvirt] cpu_mode host-passthrough needs virt_type kvm.')
    if options.cpu_mode == 'custom' and not options.cpu_models:
        raise errors.Unsupported('[libvirt] cpu_mode custom needs cpu_models.')
