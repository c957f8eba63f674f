# SPDX-License-Identifier: Apache-2.0
"""From a guest to its XML, and from libvirt's XML to what the driver wants to know of a host."""

import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

import testtools

from nova_lite import errors
from nova_lite.messages.guests import Flavor, Image
from tests.unit.compute import parts

try:
    from nova_lite.virt.libvirt import cpu_traits, files, machine
    from nova_lite.virt.libvirt.xml import capabilities, domain
except ImportError:
    raise unittest.SkipTest('libvirt-python is not installed') from None

CAPABILITIES = """
<capabilities><host><uuid>11111111-2222-4333-8444-555555555555</uuid>
  <cpu><arch>x86_64</arch><model>Skylake</model><vendor>Intel</vendor>
    <topology sockets='1' dies='1' cores='2' threads='1'/><feature name='vmx'/><feature name='avx2'/></cpu></host>
  <guest><os_type>hvm</os_type><arch name='x86_64'><domain type='qemu'/><domain type='kvm'/></arch></guest>
</capabilities>"""
DOMAIN_CAPABILITIES = """
<domainCapabilities><machine>pc-i440fx-7.2</machine><arch>x86_64</arch>
  <os supported='yes'><enum name='firmware'><value>efi</value></enum></os>
  <cpu><mode name='host-passthrough' supported='no'/>
    <mode name='host-model' supported='yes'><model>EPYC</model><feature policy='require' name='aes'/></mode></cpu>
  <devices><disk supported='yes'><enum name='bus'><value>ide</value><value>virtio</value></enum></disk>
    <video supported='yes'><enum name='modelType'><value>vga</value></enum></video></devices>
</domainCapabilities>"""


class Host:
    """What `Maker` asks of the host and of the disks."""

    def arch(self):
        return 'x86_64'

    def serial_number(self, uuid):
        return uuid

    def root_format(self, uuid):
        return 'qcow2'


class MachineTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.files = files.Files(Path(folder.name), '_base')
        self.files.folder(parts.SERVER).mkdir()

    def make(self, image=None, options=None, **fields):
        conf = parts.options(**{'libvirt__virt_type': 'qemu', **(options or {})})
        image = Image(id='i', disk_format='qcow2', properties=image or {})
        maker = machine.Maker(conf, self.files, Host(), Host())
        return ElementTree.fromstring(domain.build(maker.domain(parts.guest(image=image, **fields))))

    def test_plain_guest(self):
        root = self.make(display_name='a <b> & \x01"c"')
        self.assertEqual(('qemu', parts.SERVER, 'instance-00000001', '131072', '1'), (
            root.get('type'), root.findtext('uuid'), root.findtext('name'), root.findtext('memory'),
            root.findtext('vcpu')))
        [disk] = root.findall('devices/disk')
        self.assertEqual({'name': 'qemu', 'type': 'qcow2'}, {
            key: value for key, value in disk.find('driver').attrib.items() if key != 'cache'})
        self.assertEqual({'dev': 'vda', 'bus': 'virtio'}, disk.find('target').attrib)
        self.assertEqual('1', disk.find('boot').get('order'))
        self.assertEqual(str(self.files.console(parts.SERVER)), root.find('devices/serial/log').get('file'))
        self.assertEqual('127.0.0.1', root.find('devices/graphics/listen').get('address'))
        self.assertEqual('OpenStack Nova', root.find("sysinfo/system/entry[@name='product']").text)
        self.assertEqual('a <b> & "c"', root.find('metadata/*/{urn:nova_lite:guest}name').text)
        self.assertEqual('/dev/urandom', root.findtext('devices/rng/backend'))
        self.assertIsNone(root.find('cpu').get('mode'))

    def test_config_drive_goes_where_the_machine_can_read_it(self):
        self.files.config_drive(parts.SERVER).touch()
        self.files.swap(parts.SERVER).touch()
        places = lambda root: [(disk.get('device'), disk.find('target').get('dev'), disk.find('target').get('bus'))
                               for disk in root.findall('devices/disk')]
        self.assertEqual([('disk', 'vda', 'virtio'), ('disk', 'vdb', 'virtio'), ('cdrom', 'hda', 'ide')],
                         places(self.make()))
        self.assertIn(('cdrom', 'sda', 'sata'), places(self.make({'hw_machine_type': 'q35'})))
        self.assertIn(('disk', 'vdc', 'virtio'), places(self.make(options={'config_drive_format': 'vfat'})))

    def test_image_properties(self):
        root = self.make({'hw_disk_bus': 'scsi', 'hw_video_model': 'vga', 'hw_firmware_type': 'uefi'})
        self.assertEqual('scsi', root.find('devices/disk/target').get('bus'))
        self.assertEqual('virtio-scsi', root.find("devices/controller[@type='scsi']").get('model'))
        self.assertEqual('vga', root.find('devices/video/model').get('type'))
        self.assertEqual('efi', root.find('os').get('firmware'))
        self.assertRaises(errors.Invalid, self.make, {'hw_disk_bus': 'floppy-tower'})
        self.assertRaises(errors.Unsupported, self.make, {'hw_disk_bus': 'ide', 'hw_machine_type': 'q35'})

    def test_options(self):
        root = self.make(options={
            'libvirt__cpu_mode': 'custom', 'libvirt__cpu_models': ['qemu64'], 'vnc__enabled': False,
            'libvirt__cpu_model_extra_flags': ['pcid', '-svm'], 'libvirt__disk_cachemodes': ['file=unsafe']})
        cpu = root.find('cpu')
        self.assertEqual(('custom', 'qemu64'), (cpu.get('mode'), cpu.findtext('model')))
        self.assertEqual([('pcid', 'require'), ('svm', 'disable')],
                         [(found.get('name'), found.get('policy')) for found in cpu.findall('feature')])
        self.assertEqual('unsafe', root.find('devices/disk/driver').get('cache'))
        self.assertIsNone(root.find('devices/graphics'))
        self.assertEqual('host-model', self.make(options={'libvirt__virt_type': 'kvm'}).find('cpu').get('mode'))

    def test_flavor_without_random_numbers(self):
        flavor = Flavor(id=1, flavorid='1', name='x', vcpus=2, memory_mb=64, root_gb=0,
                        extra_specs={'hw_rng:allowed': 'False'})
        root = self.make(flavor=flavor)
        self.assertIsNone(root.find('devices/rng'))
        self.assertEqual('2', root.find('cpu/topology').get('sockets'))

    def test_only_uuids_are_folders(self):
        for wrong in ('', '..', '_base', '/etc', parts.SERVER + '/..'):
            self.assertRaises(ValueError, self.files.folder, wrong)


class CapabilitiesTest(testtools.TestCase):

    def test_host(self):
        found = capabilities.parse(CAPABILITIES)
        self.assertEqual([['x86_64', 'qemu', 'hvm'], ['x86_64', 'kvm', 'hvm']], found.guests)
        self.assertEqual(('Skylake', ['vmx', 'avx2'], {'sockets': 1, 'cores': 2, 'threads': 1}),
                         (found.cpu.model, found.cpu.features, found.cpu.topology))

    def test_domain(self):
        found = capabilities.parse_domain(DOMAIN_CAPABILITIES)
        self.assertEqual((['ide', 'virtio'], ['vga'], ['efi'], ['host-model']),
                         (found.disk_buses, found.video_models, found.firmwares, found.cpu_modes))
        self.assertEqual({'aes'}, capabilities.cpu_features(found.cpu))

    def test_traits_of_features(self):
        known = {'HW_CPU_X86_AESNI', 'HW_CPU_X86_AVX2', 'HW_CPU_X86_SSE42', 'HW_CPU_X86_VMX', 'HW_CPU_X86_INTEL_VMX'}
        self.assertEqual(known, cpu_traits.of_features({'aes', 'avx2', 'sse4.2', 'vmx', 'unheard-of'}, known))
