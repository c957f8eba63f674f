# SPDX-License-Identifier: Apache-2.0
"""The hypervisor host: what it has, what it can give guests, how much of it they take."""

import os
import struct
import time
from pathlib import Path

import libvirt
import os_traits
from oslo_log import log
from oslo_utils import units

from nova_lite.virt.interfaces import Amount, Facts, Host
from nova_lite.virt.libvirt import cpu_traits
from nova_lite.virt.libvirt.xml import capabilities

LOG = log.getLogger(__name__)

_ACTIVE = (libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_BLOCKED, libvirt.VIR_DOMAIN_PAUSED,
           libvirt.VIR_DOMAIN_SHUTDOWN, libvirt.VIR_DOMAIN_PMSUSPENDED)
# Kinds of disk bus and screen that this driver can put into a guest, besides being able to be emulated here.
_BUSES = {'ide', 'sata', 'scsi', 'usb', 'virtio'}


class LibvirtHost(Host):
    """One hypervisor. What never changes while it runs is asked once."""

    def __init__(self, conf, connection, files):
        self._conf = conf
        self._connection = connection
        self._files = files
        self._capabilities = None
        self._traits = None

    def facts(self):
        own = self._own()
        node, vcpus, version, usage = self._connection.run(_measure)
        disk = self._disk()
        return Facts(
            node=node, hypervisor_type='QEMU', hypervisor_version=version, vcpus=vcpus, memory_mb=_memory_mb(),
            local_gb=disk.total, local_gb_used=disk.given, disk_available_least=disk.available_least,
            memory_mb_used=usage['memory_mb'] + self._conf.reserved_host_memory_mb, vcpus_used=usage['vcpus'],
            running_vms=usage['running'], uptime=_uptime(), supported_instances=own.guests,
            cpu_info={'arch': own.cpu.arch, 'model': own.cpu.model, 'vendor': own.cpu.vendor,
                      'topology': own.cpu.topology, 'features': own.cpu.features},
        )

    def inventory(self):
        _node, vcpus, _version, _usage = self._connection.run(_measure)
        return {'VCPU': Amount(vcpus), 'MEMORY_MB': Amount(_memory_mb()), 'DISK_GB': Amount(self._disk().total)}

    def traits(self):
        if self._traits is None:
            self._traits = self._find_traits()
        return self._traits

    def watch(self, callback):
        self._connection.watch(callback)

    def arch(self):
        """The host's architecture, as `x86_64`."""
        return self._own().cpu.arch

    def serial_number(self, uuid):
        """The serial number for the SMBIOS of a guest, as `[libvirt] sysinfo_serial` says; None for none."""
        source = self._conf.libvirt.sysinfo_serial
        if source == 'unique':
            return uuid
        os_serial = _first_line('/etc/machine-id') if source in ('os', 'auto') else None
        return os_serial or (self._own().uuid if source in ('hardware', 'auto') else None)

    def _own(self):
        if self._capabilities is None:
            self._capabilities = capabilities.parse(
                self._connection.run(lambda connection: connection.getCapabilities()))
        return self._capabilities

    def _find_traits(self):
        arch = self.arch()
        able = capabilities.parse_domain(self._connection.run(
            lambda connection: connection.getDomainCapabilities(None, arch, None, self._conf.libvirt.virt_type, 0)))
        features = self._connection.run(_expand, able.cpu, arch, able.machine, self._conf.libvirt.virt_type)
        found = cpu_traits.of_features(features, os_traits.get_traits('HW_CPU_'))
        wanted = {f'COMPUTE_STORAGE_BUS_{bus.upper()}' for bus in _BUSES & set(able.disk_buses)}
        wanted |= {f'COMPUTE_GRAPHICS_MODEL_{model.upper()}' for model in able.video_models}
        wanted |= {'COMPUTE_FIRMWARE_BIOS', f'HW_ARCH_{arch.upper()}'}
        if 'efi' in able.firmwares:
            wanted.add('COMPUTE_FIRMWARE_UEFI')
        return found | (wanted & set(os_traits.get_traits()))

    def _disk(self):
        """The storage of `instances_path`, or of its nearest folder that exists."""
        folder = self._files.instances
        while not folder.exists():
            folder = folder.parent
        status = os.statvfs(folder)
        given, taken = 0, 0
        for uuid in self._files.guests():
            in_qcow2 = _first_line(self._files.root_made_of(uuid)) == 'qcow2'
            for path, layered in ((self._files.root(uuid), in_qcow2), (self._files.ephemeral(uuid), False),
                                  (self._files.swap(uuid), False)):
                size, blocks = _size_of(path, layered)
                given, taken = given + size, taken + blocks
        free = status.f_bavail * status.f_frsize
        return _Disk(
            total=status.f_blocks * status.f_frsize // units.Gi, given=-(-given // units.Gi),
            available_least=(free - max(0, given - taken)) // units.Gi)


class _Disk:
    """GiB: all of the storage, what guests were given, what is left if they take all that."""

    def __init__(self, total, given, available_least):
        self.total, self.given, self.available_least = total, given, available_least


def _memory_mb():
    """All memory of the host. libvirt's own sum is that of NUMA nodes, which lacks what was plugged in while it ran."""
    return os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') // units.Mi


def _measure(connection):
    """(node, processors, version, what guests take): nothing but calls of libvirt."""
    vcpus = connection.getInfo()[2]
    usage = {'vcpus': 0, 'memory_mb': 0, 'running': 0}
    kinds = libvirt.VIR_DOMAIN_STATS_STATE | libvirt.VIR_DOMAIN_STATS_VCPU | libvirt.VIR_DOMAIN_STATS_BALLOON
    for _domain, stats in connection.getAllDomainStats(kinds, 0):
        usage['vcpus'] += stats.get('vcpu.maximum', 0)
        usage['memory_mb'] += stats.get('balloon.maximum', 0) // 1024
        usage['running'] += stats.get('state.state') in _ACTIVE
    return connection.getHostname(), vcpus, connection.getVersion(), usage


def _expand(connection, cpu, arch, machine, virt_type):
    """The names of all features of the processor that guests can have, those that its model implies included."""
    if cpu is None:
        return set()
    try:
        whole = connection.baselineHypervisorCPU(
            None, arch, machine, virt_type, [cpu], libvirt.VIR_CONNECT_BASELINE_CPU_EXPAND_FEATURES)
    except libvirt.libvirtError as error:
        if error.get_error_code() not in (libvirt.VIR_ERR_NO_SUPPORT, libvirt.VIR_ERR_OPERATION_UNSUPPORTED,
                                          libvirt.VIR_ERR_CONFIG_UNSUPPORTED, libvirt.VIR_ERR_INTERNAL_ERROR):
            raise
        whole = cpu
    return capabilities.cpu_features(whole)


def _size_of(path, in_qcow2):
    """(bytes that the guest sees, bytes that are taken on the host) of a disk that we made."""
    try:
        status = os.stat(path)
        if not in_qcow2:
            return status.st_size, status.st_blocks * 512
        with open(path, 'rb') as file:
            return struct.unpack('>24xQ', file.read(32))[0], status.st_blocks * 512
    except FileNotFoundError:
        return 0, 0
    except PermissionError:
        # libvirt may have given the disk to the user of its guests.
        return status.st_size, status.st_blocks * 512


def _uptime():
    """The line that the command `uptime` prints."""
    seconds = float(_first_line('/proc/uptime').split()[0])
    days, rest = divmod(int(seconds), 86400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    since = (f'{days} day{"" if days == 1 else "s"}, ' if days else '') + f'{hours:2}:{minutes:02}'
    load = ', '.join(f'{value:.2f}' for value in os.getloadavg())
    return f' {time.strftime("%H:%M:%S")} up {since},  0 users,  load average: {load}'


def _first_line(path):
    try:
        return Path(path).read_text().split('\n', 1)[0].strip() or None
    except FileNotFoundError:
        return None
