# SPDX-License-Identifier: Apache-2.0
"""Builds the small guest: Debian's cloud kernel and a busybox initramfs on a disk that boots by BIOS.

Needs neither root nor a loop device: file systems are written into plain files. What the guest does is in ``guest/``.
"""

import gzip
import os
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from devstack import process
from devstack.cpio import Archive
from devstack.errors import DevstackError
from devstack.layout import Layout

SOURCES = Path(__file__).parent / 'guest'
TOOLS = ('busybox', 'depmod', 'mcopy', 'mkfs.vfat', 'mke2fs', 'sfdisk', 'syslinux', 'qemu-img', 'dpkg-deb')
SYSTEM_FOLDERS = ':/usr/sbin:/sbin'
MBR = Path('/usr/lib/syslinux/mbr/mbr.bin')
# no_timer_check: an emulated guest on a busy machine may panic in the IO-APIC timer check. notests: saves 1.5 s.
KERNEL_ARGUMENTS = ('console=tty0 console=ttyS0,115200 loglevel=6 no_timer_check cryptomgr.notests=1 mitigations=off '
                    'nokaslr edd=off tsc=reliable net.ifnames=0 panic=5')
# By name, as modprobe knows them: disks, CD-ROM of the config drive, network, power button, file systems.
MODULES = ('virtio_pci', 'virtio_blk', 'virtio_net', 'virtio_scsi', 'virtio_balloon', 'virtio_rng', 'virtio_console',
           'sd_mod', 'sr_mod', 'ata_piix', 'isofs', 'vfat', 'nls_ascii', 'nls_cp437', 'nls_utf8', 'ext4', 'button',
           'evdev')
READY = 'GUEST: ready'
DATA_MIB = 4
MIB = 1024 * 1024


@dataclass(frozen=True)
class Guest:
    """The files of a built guest."""

    folder: Path

    @property
    def kernel(self) -> Path:
        return self.folder / 'vmlinuz'

    @property
    def initrd(self) -> Path:
        return self.folder / 'initrd.img'

    @property
    def disk(self) -> Path:
        """A qcow2 image that boots by itself under SeaBIOS."""
        return self.folder / 'guest.qcow2'

    def exists(self) -> bool:
        return all(path.exists() for path in (self.kernel, self.initrd, self.disk))


def missing_tools() -> list[str]:
    """The programs that building needs and this machine lacks."""
    missing = [tool for tool in TOOLS if _which(tool) is None]
    return missing + ([] if MBR.exists() else [str(MBR)])


def build(layout: Layout) -> Guest:
    """Build the guest below ``lib/guest``, unless it is there and as new as its sources."""
    guest = Guest(layout.data('guest'))
    sources = [*SOURCES.iterdir(), Path(__file__)]
    if guest.exists() and guest.disk.stat().st_mtime >= max(path.stat().st_mtime for path in sources):
        return guest
    missing = missing_tools()
    if missing:
        raise DevstackError(f'the guest image cannot be built without {", ".join(missing)}')
    work = guest.folder / 'work'
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    version = _unpack_kernel(_kernel_package(layout, guest.folder), work)
    shutil.copy(work / 'boot' / f'vmlinuz-{version}', guest.kernel)
    _write_initrd(layout, work, version, guest.initrd)
    _write_disk(layout, work, guest)
    shutil.rmtree(work)
    return guest


def _kernel_package(layout: Layout, folder: Path) -> Path:
    known = sorted(folder.glob('linux-image-*-cloud-amd64_*.deb'))
    if known:
        return known[-1]
    # The package without a version only depends on the one that has the kernel.
    lines = process.command(layout, 'guest-image', ['apt-cache', 'depends', 'linux-image-cloud-amd64']).splitlines()
    names = [line.split()[-1] for line in lines if 'Depends: linux-image-' in line]
    if not names:
        raise DevstackError('apt knows no package linux-image-cloud-amd64 (is this Debian on amd64?)')
    process.command(layout, 'guest-image', ['apt-get', 'download', '-q', names[0]], cwd=folder, timeout=600)
    return sorted(folder.glob('linux-image-*-cloud-amd64_*.deb'))[-1]


def _unpack_kernel(package: Path, work: Path) -> str:
    """Kernel and modules of ``package`` into ``work``; returns the kernel's version."""
    with subprocess.Popen(['dpkg-deb', '--fsys-tarfile', package], stdout=subprocess.PIPE) as unpacking:
        with tarfile.open(fileobj=unpacking.stdout, mode='r|') as archive:
            for member in archive:
                if member.name.startswith(('./boot/vmlinuz-', './lib/modules/')) and member.isfile():
                    target = work / member.name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with target.open('wb') as stream:
                        shutil.copyfileobj(archive.extractfile(member), stream)
    return next((work / 'lib' / 'modules').iterdir()).name


def _write_initrd(layout: Layout, work: Path, version: str, target: Path) -> None:
    archive = Archive()
    for folder in ('bin', 'dev', 'proc', 'sys', 'run', 'tmp', 'data', 'config', 'etc', 'etc/acpi', 'etc/acpi/PWRF',
                   'modules', 'root'):
        archive.folder(folder)
    busybox = Path(_which('busybox'))
    archive.file('bin/busybox', busybox.read_bytes(), executable=True)
    # Links made here cost nothing; `busybox --install` would cost at every boot.
    for applet in subprocess.run([busybox, '--list'], stdout=subprocess.PIPE, text=True, check=True).stdout.split():
        if applet != 'busybox':
            archive.link(f'bin/{applet}', '/bin/busybox')
    archive.file('init', (SOURCES / 'init').read_bytes(), executable=True)
    for name in ('inittab', 'boot', 'shutdown', 'udhcpc'):
        archive.file(f'etc/{name}', (SOURCES / name).read_bytes(), executable=name != 'inittab')
    archive.file('etc/passwd', b'root::0:0:root:/root:/bin/sh\n')
    archive.file('etc/group', b'root:x:0:\n')
    archive.file('etc/profile', b"export PATH=/bin PS1='\\u@\\h:\\w# '\n")
    archive.file('etc/acpi/PWRF/00000080', b'#!/bin/sh\nexec /bin/poweroff\n', executable=True)
    modules = _modules(layout, work, version)
    for path in modules:
        archive.file(f'modules/{path.name}', path.read_bytes())
    archive.file('modules/order', ''.join(f'{path.name}\n' for path in modules).encode())
    target.write_bytes(gzip.compress(archive.finish(), mtime=0))


def _modules(layout: Layout, work: Path, version: str) -> list[Path]:
    """The module files that MODULES need, each after those it needs itself."""
    process.command(layout, 'guest-image', [_which('depmod'), '-b', work, version])
    root = work / 'lib' / 'modules' / version
    needs = {}
    for line in (root / 'modules.dep').read_text().splitlines():
        path, _colon, others = line.partition(':')
        needs[path] = others.split()
    by_name = {Path(path).name.partition('.')[0].replace('-', '_'): path for path in needs}
    ordered: list[str] = []
    for name in MODULES:
        path = by_name.get(name)
        if path is not None:  # else it is built in
            # modules.dep names the farthest dependency last.
            ordered += [one for one in [*reversed(needs[path]), path] if one not in ordered]
    return [root / path for path in ordered]


def _write_disk(layout: Layout, work: Path, guest: Guest) -> None:
    """An MBR, a FAT partition with syslinux, kernel and initramfs, and a small ext4 partition for data."""
    def run(*argv: object) -> None:
        process.command(layout, 'guest-image', [_which(argv[0]), *map(str, argv[1:])], {'MTOOLS_SKIP_CHECK': '1'})

    boot_mib = (guest.kernel.stat().st_size + guest.initrd.stat().st_size) // MIB + 3
    boot, data, disk, menu = (work / name for name in ('boot.fat', 'data.ext4', 'disk.raw', 'syslinux.cfg'))
    menu.write_text('DEFAULT guest\nPROMPT 0\nTIMEOUT 0\nLABEL guest\n  KERNEL /vmlinuz\n  INITRD /initrd.img\n'
                    f'  APPEND {KERNEL_ARGUMENTS}\n')
    _blank(boot, boot_mib)
    run('mkfs.vfat', '-F', 16, '-n', 'GUESTBOOT', boot)
    run('mcopy', '-i', boot, guest.kernel, guest.initrd, menu, '::/')
    run('syslinux', '--install', boot)
    _blank(data, DATA_MIB)
    run('mke2fs', '-q', '-t', 'ext4', '-L', 'guestdata', '-O', '^has_journal', '-E', 'root_owner=0:0', data)
    _blank(disk, 1 + boot_mib + DATA_MIB)
    table = f'label: dos\nstart=1MiB, size={boot_mib}MiB, type=e, bootable\nstart={1 + boot_mib}MiB, type=83\n'
    subprocess.run([_which('sfdisk'), '-q', disk], input=table, text=True, check=True)
    with disk.open('r+b') as stream:
        stream.write(MBR.read_bytes()[:440])
        for start, part in ((1, boot), (1 + boot_mib, data)):
            stream.seek(start * MIB)
            stream.write(part.read_bytes())
    run('qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', disk, guest.disk)


def _blank(path: Path, mib: int) -> None:
    with path.open('wb') as stream:
        stream.truncate(mib * MIB)


def _which(tool: str) -> str | None:
    return shutil.which(tool, path=os.environ.get('PATH', os.defpath) + SYSTEM_FOLDERS)
