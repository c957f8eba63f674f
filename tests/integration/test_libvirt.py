# SPDX-License-Identifier: Apache-2.0
"""The libvirt driver on a libvirtd of its own and real QEMU guests, emulated: no KVM is needed.

Needs root, libvirt, QEMU and the tools that build the guest. Without them it is skipped, but fails in CI.
"""

import base64
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import msgspec
import testtools

from devstack import guest_image, process
from devstack import libvirt as devstack_libvirt
from devstack.layout import Layout
from nova_lite import states
from nova_lite.messages.guests import Flavor, Guest, Image
from nova_lite.service.executor import ThreadExecutor
from nova_lite.virt import interfaces
from nova_lite.virt.libvirt import inspection
from tests.functional import cluster
from tests.unit.compute import parts
from tests.unit.virt.driver_suite import DriverSuite, Task

MIB = 1024 * 1024
SCRIPT = '#!/bin/sh\necho user-data-ran\n'


class _Hypervisor:
    """One private libvirtd for this module."""

    layout = None
    daemon = None
    guest = None


def setUpModule():
    lacking = _lacking()
    if lacking:
        if os.environ.get('CI'):
            raise AssertionError(f'these tests must run in CI, but this is missing: {lacking}')
        raise unittest.SkipTest(f'missing: {lacking}')
    _Hypervisor.layout = Layout(Path(__file__).parents[2] / 'var' / 'test-libvirt').create()
    _Hypervisor.guest = guest_image.build(_Hypervisor.layout)
    _Hypervisor.daemon = devstack_libvirt.Libvirt(_Hypervisor.layout)
    _Hypervisor.daemon.start()
    _remove_guests()


def _remove_guests():
    """What a run that was broken off has left."""
    def virsh(*words):
        return subprocess.run(['virsh', '-q', '-c', _Hypervisor.daemon.uri, *words], capture_output=True, text=True)
    for name in virsh('list', '--all', '--name').stdout.split():
        virsh('destroy', name)
        virsh('undefine', name)


def tearDownModule():
    if _Hypervisor.daemon:
        _Hypervisor.daemon.stop()


def _lacking():
    if not devstack_libvirt.can_be_private():
        return 'root, a mount namespace, libvirtd, virtlogd'
    return ', '.join(guest_image.missing_tools())


class LibvirtTestCase(testtools.TestCase):
    """A driver on the private libvirtd, with a folder of its own."""

    def setUp(self):
        super().setUp()
        # Short and not in a folder that is closed to others: QEMU must reach it.
        self.folder = Path(tempfile.mkdtemp(prefix='nova-libvirt-'))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.driver = self.make_driver()

    def make_driver(self, **options):
        from nova_lite.virt.libvirt import LibvirtDriver
        executor = ThreadExecutor(4)
        self.addCleanup(executor.shutdown)
        conf = parts.options(**{
            'host': 'host-1', 'state_path': str(self.folder), 'libvirt__virt_type': 'qemu',
            'libvirt__connection_uri': _Hypervisor.daemon.uri, **options})
        driver = LibvirtDriver(conf, executor=executor)
        self.addCleanup(driver.close)
        return driver

    def prepare(self, image, source):
        """The image in the driver's cache, made of a copy of `source`."""
        target = self.driver.disks.image_file(image)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            copy = target.with_suffix('.part')
            shutil.copy(source, copy)
            self.driver.disks.prepare_image(copy, image, target, Task())
        return target

    def guest(self, image, **fields):
        flavor = Flavor(id=1, flavorid='1', name='m1.tiny', vcpus=1, memory_mb=128, root_gb=0)
        values = {'flavor': flavor, 'hostname': 'one', 'display_name': 'one & <only>', 'project_id': 'p',
                  'user_id': 'u', 'image': image, **fields}
        uuid = self.new_uuid()
        return Guest(uuid=uuid, name=f'test-{uuid[:8]}', **values)


class LibvirtDriverTest(DriverSuite, LibvirtTestCase):
    """What every driver must do, with guests that have nothing to boot."""

    timeout = 30

    def setUp(self):
        super().setUp()
        self.blank = self.folder / 'blank.raw'
        self.blank.write_bytes(bytes(MIB))

    def make_guest(self, **fields):
        return self.guest(Image(id='blank', disk_format='raw'), **fields)

    def base_of(self, guest):
        return self.prepare(guest.image, self.blank)

    def test_root_disk_grows_to_the_flavor(self):
        guest = self.boot(flavor=Flavor(
            id=1, flavorid='1', name='x', vcpus=1, memory_mb=64, root_gb=1, ephemeral_gb=1, swap=16))
        folder = self.folder / 'instances' / guest.uuid
        self.assertEqual(1024 * MIB, _virtual_size(folder / 'disk'))
        self.assertIn(b'ephemeral0', subprocess.check_output(['blkid', '-p', folder / 'disk.eph0']))
        self.assertIn(b'swap', subprocess.check_output(['blkid', '-p', folder / 'disk.swap']))
        facts = self.driver.host.facts()
        self.assertEqual((3, 1, 1), (facts.local_gb_used, facts.vcpus_used, facts.running_vms))
        self.assertEqual({self.base_of(guest)}, self.driver.disks.images_in_use())

    def test_image_larger_than_the_flavor(self):
        large = self.folder / 'large.qcow2'
        subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2', str(large), '2G'], check=True)
        flavor = Flavor(id=1, flavorid='1', name='x', vcpus=1, memory_mb=64, root_gb=1)
        guest = self.guest(Image(id='large', disk_format='qcow2'), flavor=flavor)
        self.addCleanup(self.driver.disks.remove, guest.uuid, Task())
        from nova_lite.virt.libvirt.disks import DiskTooSmall
        base = self.prepare(guest.image, large)
        self.assertRaises(DiskTooSmall, self.driver.disks.create, guest, base, Task())

    def test_raw_disks(self):
        self.driver = self.make_driver(libvirt__images_type='raw')
        guest = self.boot()
        path = self.folder / 'instances' / guest.uuid / 'disk'
        self.assertEqual(MIB, path.stat().st_size)
        self.assertEqual(set(), self.driver.disks.images_in_use())
        self.driver = self.make_driver()
        self.driver.guests.reboot(guest, True, 0, Task())
        self.assertEqual(states.RUNNING, self.state_of(guest))

    def test_q35_with_vfat_config_drive(self):
        self.driver = self.make_driver(libvirt__hw_machine_type=['x86_64=q35'], config_drive_format='vfat')
        guest = self.boot(config_drive=True)
        self.assertEqual(states.RUNNING, self.state_of(guest))

    def test_unacceptable_guests(self):
        odd = Image(id='blank', disk_format='raw', properties={'hw_machine_type': 'no-such-machine'})
        guest = self.guest(odd)
        self.addCleanup(self.driver.disks.remove, guest.uuid, Task())
        self.driver.disks.create(guest, self.base_of(guest), Task())
        from nova_lite.virt.libvirt.guests import GuestUnacceptable
        self.assertRaises(GuestUnacceptable, self.driver.guests.start, guest, Task())
        self.driver.guests.destroy(guest.uuid, Task())

    def test_name_of_another_guest(self):
        guest = self.boot()
        other = msgspec.structs.replace(self.make_guest(), name=guest.name)
        self.addCleanup(self.driver.disks.remove, other.uuid, Task())
        self.driver.disks.create(other, self.base_of(other), Task())
        from nova_lite.virt.libvirt.guests import NameTaken
        self.assertRaises(NameTaken, self.driver.guests.start, other, Task())

    def test_guest_that_cannot_start_is_a_definite_no(self):
        guest = self.boot()
        self.driver.guests.power_off(guest.uuid, 0, 1, Task())
        self.base_of(guest).unlink()
        from nova_lite.virt.libvirt.guests import GuestUnacceptable
        self.assertRaises(GuestUnacceptable, self.driver.guests.start, guest, Task())

    def test_libvirtd_restarts(self):
        seen = []
        self.driver.host.watch(lambda uuid, change: seen.append((uuid, change)))
        guest = self.boot()
        layout = _Hypervisor.layout
        process.stop(layout, 'libvirtd')
        from nova_lite.virt.libvirt.connection import HypervisorUnavailable
        self.assertRaises(HypervisorUnavailable, self.driver.guests.info, guest.uuid)
        _Hypervisor.daemon.start()
        self.assertEqual(states.RUNNING, self.state_of(guest))
        self.wait_for(lambda: (None, interfaces.Change.RECONNECTED) in seen)
        self.driver.guests.power_off(guest.uuid, 0, 1, Task())
        self.wait_for(lambda: (guest.uuid, interfaces.Change.STOPPED) in seen)

    def test_green_threads(self):
        done = subprocess.run(
            [sys.executable, '-m', 'tests.integration.green_libvirt', _Hypervisor.daemon.uri, str(self.folder)],
            cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=120)
        self.assertEqual(0, done.returncode, done.stderr)

    def test_traits(self):
        found = self.driver.host.traits()
        self.assertLessEqual(
            {'HW_CPU_X86_SSE2', 'COMPUTE_STORAGE_BUS_VIRTIO', 'COMPUTE_FIRMWARE_BIOS', 'HW_ARCH_X86_64'}, found)


class ImageSafetyTest(LibvirtTestCase):
    """Images that would read the host's files are refused before QEMU sees them."""

    def refuse(self, path, disk_format, text):
        image = Image(id=path.name, disk_format=disk_format)
        error = self.assertRaises(inspection.ImageUnsafe, self.prepare, image, path)
        self.assertIn(text, str(error))
        self.assertFalse(self.driver.disks.image_file(image).exists())

    def make(self, name, *arguments):
        path = self.folder / name
        subprocess.run(['qemu-img', 'create', '-q', *arguments, str(path), '1M'], check=True)
        return path

    def test_good_ones(self):
        for disk_format, name in (('raw', 'raw'), ('qcow2', 'qcow2'), ('vdi', 'vdi'), ('vhdx', 'vhdx'), ('vhd', 'vpc')):
            path = self.make(f'good.{name}', '-f', name)
            image = Image(id=path.name, disk_format=disk_format)
            self.assertGreaterEqual(self.prepare(image, path).stat().st_size, MIB)

    def test_qcow2_is_kept_when_raw_is_not_forced(self):
        self.driver = self.make_driver(force_raw_images=False)
        path = self.prepare(Image(id='q', disk_format='qcow2'), self.make('q.qcow2', '-f', 'qcow2'))
        self.assertEqual('.qcow2', path.suffix)
        self.assertTrue(path.read_bytes().startswith(b'QFI\xfb'))

    def test_backing_file(self):
        path = self.make('b.qcow2', '-f', 'qcow2', '-u', '-F', 'raw', '-b', '/etc/passwd')
        self.refuse(path, 'qcow2', 'backing_file')

    def test_data_file(self):
        path = self.make('d.qcow2', '-f', 'qcow2', '-o', f'data_file={self.folder}/d.raw,data_file_raw=on')
        self.refuse(path, 'qcow2', 'data_file')

    def test_header_that_lies(self):
        self.refuse(self.make('l.qcow2', '-f', 'qcow2'), 'raw', 'claims to be raw')
        self.refuse(self.make('l.raw', '-f', 'raw'), 'qcow2', 'claims to be qcow2')
        self.refuse(self.make('l.vdi', '-f', 'vdi'), 'qcow2', 'claims to be qcow2')

    def test_vmdk_with_extents(self):
        path = self.make('e.vmdk', '-f', 'vmdk', '-o', 'subformat=monolithicFlat')
        self.refuse(path, 'vmdk', 'e.vmdk')

    def test_unknown_format(self):
        self.refuse(self.make('u.qed', '-f', 'qed'), 'qed', 'cannot boot')


class BootedGuestTest(LibvirtTestCase):
    """One guest with an operating system: what it prints, what it reads, how it obeys."""

    timeout = 180

    boot = DriverSuite.boot
    wait_for = DriverSuite.wait_for
    state_of = DriverSuite.state_of
    new_uuid = DriverSuite.new_uuid

    def make_guest(self, **fields):
        image = Image(id='guest', disk_format='qcow2')
        return self.guest(image, **fields)

    def base_of(self, guest):
        return self.prepare(guest.image, _Hypervisor.guest.disk)

    def log_of(self, guest):
        return self.driver.consoles.log(guest.uuid, None)

    def test_boot_obey_and_boot_again(self):
        guest = self.boot(config_drive=True, user_data=base64.b64encode(SCRIPT.encode()).decode(), hostname='two',
                          key_name='k', public_key='ssh-rsa AAAA')
        self.wait_for(lambda: guest_image.READY in self.log_of(guest))
        self.assertIn(f'uuid={guest.uuid}', self.log_of(guest))
        self.assertIn('user-data-ran', self.log_of(guest))
        self.assertEqual(1, len(self.driver.consoles.log(guest.uuid, 1).splitlines()))
        self.driver.guests.reboot(guest, False, 60, Task())
        self.wait_for(lambda: guest_image.READY in self.log_of(guest))
        self.assertIn('boots=2', self.log_of(guest))
        self.driver.guests.power_off(guest.uuid, 60, 10, Task())
        self.assertEqual(states.SHUTDOWN, self.state_of(guest))
        self.assertIn('GUEST: going down', self.log_of(guest))


class CloudTest(testtools.TestCase):
    """The whole cloud in this process with this driver: from a request to a guest that runs, and back to nothing."""

    def test_server_on_a_real_hypervisor(self):
        cloud = cluster.Cluster(extra=(
            '[DEFAULT]\ncompute_driver = libvirt.LibvirtDriver\n'
            f'[libvirt]\nvirt_type = qemu\nconnection_uri = {_Hypervisor.daemon.uri}\n'))
        self.addCleanup(_remove_guests)
        self.addCleanup(cloud.stop)
        cloud.start()
        disk = _Hypervisor.guest.disk.read_bytes()
        flavor = cloud.flavor(ram=128)
        server = cloud.create(
            imageRef=cloud.glance.add('guest', disk, disk_format='qcow2'), flavorRef=flavor, config_drive=True)
        self.assertEqual(states.RUNNING, cloud.wait_status(server, 'ACTIVE')['OS-EXT-STS:power_state'])
        console = lambda: cloud.api(
            'POST', f'/servers/{server}/action', {'os-getConsoleOutput': {}}, status=200).json()['output']
        cloud.wait(lambda: f'uuid={server}' in console(), 'the guest has read its config drive', 180)

        liar = cloud.create(imageRef=cloud.glance.add('liar', disk, disk_format='raw'), flavorRef=flavor)
        cloud.wait_status(liar, 'ERROR')

        name = cloud.server(server)['OS-EXT-SRV-ATTR:instance_name']
        subprocess.run(['virsh', '-q', '-c', _Hypervisor.daemon.uri, 'destroy', name], check=True)
        cloud.wait_status(server, 'SHUTOFF')
        for one in (server, liar):
            cloud.api('DELETE', f'/servers/{one}', status=204)
            cloud.wait_gone(one)
        left = {path.name for path in (cloud.folder / 'compute1' / 'instances').iterdir()}
        self.assertEqual({'_base'}, left)


def _virtual_size(path):
    import json
    return json.loads(subprocess.check_output(
        ['qemu-img', 'info', '-U', '-f', 'qcow2', '--output=json', str(path)]))['virtual-size']
