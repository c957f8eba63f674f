# SPDX-License-Identifier: Apache-2.0
"""What libvirt says of a host: its capabilities, and what its hypervisor can give a guest."""

from __future__ import annotations

from xml.etree import ElementTree

import msgspec


class HostCpu(msgspec.Struct, frozen=True):
    """The host's processor as libvirt recognised it."""

    arch: str
    model: str | None
    vendor: str | None
    topology: dict[str, int]
    features: list[str]


class Capabilities(msgspec.Struct, frozen=True):
    """`guests` are (architecture, kind of virtualization, kind of system) triples."""

    cpu: HostCpu
    guests: list[list[str]]
    uuid: str | None = None


class DomainCapabilities(msgspec.Struct, frozen=True):
    """What guests of one kind may have. `cpu` is the XML of the processor that host-model stands for, if any."""

    machine: str | None
    disk_buses: list[str]
    video_models: list[str]
    firmwares: list[str]
    cpu_modes: list[str]
    cpu: str | None


def parse(text):
    """Capabilities from the text of `virConnectGetCapabilities`."""
    root = ElementTree.fromstring(text)
    cpu = root.find('host/cpu')
    topology = cpu.find('topology')
    return Capabilities(
        uuid=root.findtext('host/uuid'),
        cpu=HostCpu(
            arch=cpu.findtext('arch'), model=cpu.findtext('model'), vendor=cpu.findtext('vendor'),
            topology={} if topology is None else {
                name: int(topology.get(name)) for name in ('sockets', 'cores', 'threads') if topology.get(name)},
            features=[found.get('name') for found in cpu.findall('feature')],
        ),
        guests=[
            [arch.get('name'), domain.get('type'), guest.findtext('os_type')]
            for guest in root.findall('guest') for arch in guest.findall('arch') for domain in arch.findall('domain')
        ],
    )


def parse_domain(text):
    """DomainCapabilities from the text of `virConnectGetDomainCapabilities`."""
    root = ElementTree.fromstring(text)
    modes = {mode.get('name'): mode for mode in root.findall('cpu/mode') if mode.get('supported') == 'yes'}
    return DomainCapabilities(
        machine=root.findtext('machine'),
        disk_buses=_values(root, "devices/disk[@supported='yes']/enum[@name='bus']"),
        video_models=_values(root, "devices/video[@supported='yes']/enum[@name='modelType']"),
        firmwares=_values(root, "os[@supported='yes']/enum[@name='firmware']"),
        cpu_modes=sorted(modes), cpu=_host_model(modes.get('host-model'), root.findtext('arch')),
    )


def cpu_features(text):
    """The names of the features in the XML of one processor, those that it lacks left out."""
    root = ElementTree.fromstring(text)
    return {found.get('name') for found in root.findall('feature') if found.get('policy', 'require') != 'disable'}


def _values(root, path):
    found = root.find(path)
    return [] if found is None else [value.text for value in found.findall('value')]


def _host_model(mode, arch):
    if mode is None or mode.find('model') is None:
        return None
    cpu = ElementTree.Element('cpu')
    ElementTree.SubElement(cpu, 'arch').text = arch
    cpu.extend(mode)
    return ElementTree.tostring(cpu, encoding='unicode')
