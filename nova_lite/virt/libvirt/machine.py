# SPDX-License-Identifier: Apache-2.0
"""Decides what machine a guest gets: from its flavor, its image and the options to a `Domain` for the XML."""

import os
import string

from nova_lite import errors
from nova_lite.hardware import image_properties as properties
from nova_lite.virt.libvirt.xml import devices
from nova_lite.virt.libvirt.xml.domain import Cpu, Domain

_MACHINE_TYPES = {'x86_64': 'pc', 'i686': 'pc', 'aarch64': 'virt'}
VERSION = '1'


class Maker:
    """Makes Domains. `disks` knows the format of each guest's root disk, `host` the architecture."""

    def __init__(self, conf, files, disks, host):
        self._conf = conf
        self._files = files
        self._disk_files = disks
        self._host = host

    def domain(self, guest):
        """The guest's Domain. Raises Invalid or Unsupported for image properties that no guest can be made of."""
        options = self._conf.libvirt
        arch = properties.text(guest.image, 'hw_architecture', self._host.arch())
        machine_type = self._machine_type(guest.image, arch)
        disks = self._disks(guest, machine_type)
        video = self._video(guest.image)
        firmware = properties.choice(guest.image, 'hw_firmware_type', properties.FIRMWARES)
        return Domain(
            uuid=guest.uuid, name=guest.name, virt_type=options.virt_type, memory_mb=guest.flavor.memory_mb,
            vcpus=guest.flavor.vcpus, cpu=self._cpu(guest.flavor), arch=arch, machine_type=machine_type,
            firmware='efi' if firmware == 'uefi' else None, disks=disks,
            scsi_model=self._scsi_model(guest.image, disks), console_log=str(self._files.console(guest.uuid)),
            vnc_listen=self._conf.vnc.server_listen if self._conf.vnc.enabled else None,
            video=video, tablet=self._conf.vnc.enabled and arch in ('x86_64', 'i686'),
            rng_source=options.rng_dev_path if properties.wants_rng(guest.flavor) else None,
            balloon_period=options.mem_stats_period_seconds,
            serial_number=self._host.serial_number(guest.uuid), version=VERSION,
            metadata={'name': guest.display_name, 'flavor': guest.flavor.name, 'project': guest.project_id,
                      'user': guest.user_id, **({'image': guest.image.id} if guest.image else {})},
        )

    def _machine_type(self, image, arch):
        configured = dict(item.split('=', 1) for item in self._conf.libvirt.hw_machine_type or [] if '=' in item)
        return properties.text(image, 'hw_machine_type') or configured.get(arch) or _MACHINE_TYPES.get(arch, 'virt')

    def _video(self, image):
        if not self._conf.vnc.enabled:
            return None
        return properties.choice(image, 'hw_video_model', properties.VIDEO_MODELS, 'virtio')

    def _scsi_model(self, image, disks):
        if not any(disk.bus == 'scsi' for disk in disks):
            return None
        return properties.choice(image, 'hw_scsi_model', properties.SCSI_MODELS, 'virtio-scsi')

    def _cpu(self, flavor):
        options = self._conf.libvirt
        mode = options.cpu_mode or ('host-model' if options.virt_type == 'kvm' else 'none')
        if mode == 'none':
            return Cpu(sockets=flavor.vcpus)
        features = [(flag.lstrip('+-'), 'disable' if flag.startswith('-') else 'require')
                    for flag in (word.strip().lower() for word in options.cpu_model_extra_flags) if flag]
        return Cpu(sockets=flavor.vcpus, mode=mode, model=options.cpu_models[0] if mode == 'custom' else None,
                   features=features)

    def _disks(self, guest, machine_type):
        bus = properties.choice(guest.image, 'hw_disk_bus', properties.DISK_BUSES, 'virtio')
        old = 'q35' not in machine_type and machine_type.startswith('pc')
        cdrom_bus = properties.choice(guest.image, 'hw_cdrom_bus', properties.CDROM_BUSES, 'ide' if old else 'sata')
        if not old and 'ide' in (bus, cdrom_bus):
            raise errors.Unsupported(f'The machine type {machine_type} has no IDE bus.')
        places = _Places()
        from_iso = guest.image is not None and guest.image.disk_format == 'iso'
        found = [self._disk(
            self._files.root(guest.uuid), self._disk_files.root_format(guest.uuid),
            cdrom_bus if from_iso else bus, places, 'cdrom' if from_iso else 'disk', boot=True)]
        for path in (self._files.ephemeral(guest.uuid), self._files.swap(guest.uuid)):
            if path.exists():
                found.append(self._disk(path, 'raw', bus, places))
        drive = self._files.config_drive(guest.uuid)
        if drive.exists():
            as_cdrom = self._conf.config_drive_format == 'iso9660'
            found.append(self._disk(
                drive, 'raw', cdrom_bus if as_cdrom else bus, places, 'cdrom' if as_cdrom else 'disk'))
        return found

    def _disk(self, path, disk_format, bus, places, device='disk', boot=False):
        return devices.Disk(
            path=str(path), format=disk_format, bus=bus, target=places.next(bus), device=device,
            cache=self._cache_mode(path.parent), boot=boot,
            discard=self._conf.libvirt.hw_disk_discard if device == 'disk' else None)

    def _cache_mode(self, folder):
        configured = dict(item.split('=', 1) for item in self._conf.libvirt.disk_cachemodes if '=' in item)
        return configured.get('file') or ('none' if _takes_direct_io(folder) else 'writeback')


class _Places:
    """Names the places of disks: vda, vdb, ...; one row of letters per prefix."""

    def __init__(self):
        self._used = {}

    def next(self, bus):
        prefix = devices.target_prefix(bus)
        number = self._used[prefix] = self._used.get(prefix, -1) + 1
        return prefix + string.ascii_lowercase[number]


def _takes_direct_io(folder):
    """Whether files in `folder` can be opened past the host's cache: some file systems refuse."""
    path = folder / '.directio'
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_DIRECT, 0o600))
    except OSError:
        return False
    finally:
        path.unlink(missing_ok=True)
    return True
