# SPDX-License-Identifier: Apache-2.0
"""The XML of one guest, made of a `Domain`. Which values a guest gets is decided in `machine.py`, not here."""

from __future__ import annotations

from xml.etree import ElementTree

import msgspec

from nova_lite.virt.libvirt.xml import devices

METADATA_NAMESPACE = 'urn:nova_lite:guest'
_X86 = ('x86_64', 'i686')


class Cpu(msgspec.Struct, frozen=True):
    """The guest's processor. `mode` None leaves it to the hypervisor. Features are (name, policy)."""

    sockets: int
    cores: int = 1
    threads: int = 1
    mode: str | None = None
    model: str | None = None
    features: list[tuple[str, str]] = []


class Domain(msgspec.Struct, frozen=True):
    """Everything that the XML says. Memory in MiB. `firmware` efi lets libvirt choose an UEFI image."""

    uuid: str
    name: str
    virt_type: str
    memory_mb: int
    vcpus: int
    cpu: Cpu
    arch: str = 'x86_64'
    machine_type: str = 'pc'
    emulator: str | None = None
    firmware: str | None = None
    disks: list[devices.Disk] = []
    scsi_model: str | None = None
    console_log: str | None = None
    vnc_listen: str | None = None
    video: str | None = None
    tablet: bool = False
    rng_source: str | None = None
    balloon_period: int = 0
    serial_number: str | None = None
    version: str = ''
    metadata: dict[str, str] = {}


def build(domain):
    """The domain's XML as text."""
    root = ElementTree.Element('domain', type=domain.virt_type)
    _text(root, 'uuid', domain.uuid)
    _text(root, 'name', domain.name)
    _metadata(root, domain)
    _text(root, 'memory', domain.memory_mb * 1024, unit='KiB')
    _text(root, 'vcpu', domain.vcpus)
    _sysinfo(root, domain)
    _os(root, domain)
    features = ElementTree.SubElement(root, 'features')
    ElementTree.SubElement(features, 'acpi')
    if domain.arch in _X86:
        ElementTree.SubElement(features, 'apic')
    _cpu(root, domain)
    _clock(root, domain)
    # What a guest asks for itself must not undefine it or leave it paused.
    for event, action in (('on_poweroff', 'destroy'), ('on_reboot', 'restart'), ('on_crash', 'destroy')):
        _text(root, event, action)
    _devices(root, domain)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding='unicode')


def _metadata(root, domain):
    if not domain.metadata:
        return
    ElementTree.register_namespace('nova_lite', METADATA_NAMESPACE)
    guest = ElementTree.SubElement(ElementTree.SubElement(root, 'metadata'), f'{{{METADATA_NAMESPACE}}}guest')
    for name, value in domain.metadata.items():
        ElementTree.SubElement(guest, f'{{{METADATA_NAMESPACE}}}{name}').text = _legible(value)


def _sysinfo(root, domain):
    """The words by which cloud-init knows the cloud: it looks for this product name."""
    system = ElementTree.SubElement(ElementTree.SubElement(root, 'sysinfo', type='smbios'), 'system')
    entries = [('manufacturer', 'OpenStack Foundation'), ('product', 'OpenStack Nova'), ('version', domain.version),
               ('serial', domain.serial_number), ('uuid', domain.uuid), ('family', 'Virtual Machine')]
    for name, value in entries:
        if value:
            _text(system, 'entry', value, name=name)


def _os(root, domain):
    element = ElementTree.SubElement(root, 'os', **({'firmware': domain.firmware} if domain.firmware else {}))
    _text(element, 'type', 'hvm', arch=domain.arch, machine=domain.machine_type)
    ElementTree.SubElement(element, 'smbios', mode='sysinfo')


def _cpu(root, domain):
    cpu = domain.cpu
    attributes = {'mode': cpu.mode} if cpu.mode else {}
    if cpu.mode == 'custom':
        attributes['match'] = 'exact'
    element = ElementTree.SubElement(root, 'cpu', **attributes)
    if cpu.model:
        _text(element, 'model', cpu.model, fallback='forbid')
    ElementTree.SubElement(
        element, 'topology', sockets=str(cpu.sockets), cores=str(cpu.cores), threads=str(cpu.threads))
    for name, policy in cpu.features:
        ElementTree.SubElement(element, 'feature', policy=policy, name=name)


def _clock(root, domain):
    clock = ElementTree.SubElement(root, 'clock', offset='utc')
    if domain.arch not in _X86:
        return
    ElementTree.SubElement(clock, 'timer', name='pit', tickpolicy='delay')
    ElementTree.SubElement(clock, 'timer', name='rtc', tickpolicy='catchup')
    ElementTree.SubElement(clock, 'timer', name='hpet', present='no')


def _devices(root, domain):
    parent = ElementTree.SubElement(root, 'devices')
    if domain.emulator:
        _text(parent, 'emulator', domain.emulator)
    for number, disk in enumerate(domain.disks, start=1):
        devices.disk(parent, disk, number)
    if domain.scsi_model:
        ElementTree.SubElement(parent, 'controller', type='scsi', index='0', model=domain.scsi_model)
    if domain.console_log:
        devices.serial(parent, domain.console_log)
    if domain.tablet:
        ElementTree.SubElement(parent, 'input', type='tablet', bus='usb')
    if domain.vnc_listen:
        devices.vnc(parent, domain.vnc_listen)
    if domain.video:
        devices.video(parent, domain.video)
    if domain.rng_source:
        devices.rng(parent, domain.rng_source)
    devices.balloon(parent, domain.balloon_period)


def _text(parent, tag, value, **attributes):
    ElementTree.SubElement(parent, tag, **attributes).text = str(value)


def _legible(value):
    """Text without the characters that XML cannot hold: a user may name a server as he likes."""
    return ''.join(c for c in value if c in '\t\n\r' or ' ' <= c < '\ud800' or '\ue000' <= c < '\ufffe' or c > '\uffff')
