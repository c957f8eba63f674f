# SPDX-License-Identifier: Apache-2.0
"""The XML of single devices: each function adds one element to its parent."""

from __future__ import annotations

from xml.etree import ElementTree

import msgspec

_PREFIXES = {'virtio': 'vd', 'ide': 'hd'}


def target_prefix(bus):
    """How a guest names the disks of a bus: `vd` and a letter, ..."""
    return _PREFIXES.get(bus, 'sd')


class Disk(msgspec.Struct, frozen=True):
    """One disk of a guest. `device` is disk or cdrom, `target` the name of its place (vda, hda, ...).

    `format` is always said: libvirt must never find out by itself what a guest has written.
    """

    path: str
    format: str
    bus: str
    target: str
    device: str = 'disk'
    cache: str | None = None
    discard: str | None = None
    serial: str | None = None
    boot: bool = False


def disk(parent, spec, boot_order):
    """A disk backed by a file."""
    element = ElementTree.SubElement(parent, 'disk', type='file', device=spec.device)
    driver = {'name': 'qemu', 'type': spec.format}
    if spec.cache:
        driver['cache'] = spec.cache
    if spec.discard:
        driver['discard'] = spec.discard
    ElementTree.SubElement(element, 'driver', **driver)
    ElementTree.SubElement(element, 'source', file=spec.path)
    ElementTree.SubElement(element, 'target', dev=spec.target, bus=spec.bus)
    if spec.serial:
        ElementTree.SubElement(element, 'serial').text = spec.serial
    if spec.device == 'cdrom':
        ElementTree.SubElement(element, 'readonly')
    if spec.boot:
        ElementTree.SubElement(element, 'boot', order=str(boot_order))


def serial(parent, log_file):
    """A serial port on a pty; what the guest prints is also added to `log_file`.

    Without `append` libvirt replaces the file by one that only root may read.
    """
    element = ElementTree.SubElement(parent, 'serial', type='pty')
    ElementTree.SubElement(element, 'log', file=log_file, append='on')
    ElementTree.SubElement(element, 'target', port='0')


def vnc(parent, listen):
    """A VNC display on a port that libvirt chooses."""
    element = ElementTree.SubElement(parent, 'graphics', type='vnc', port='-1', autoport='yes')
    ElementTree.SubElement(element, 'listen', type='address', address=listen)


def video(parent, model):
    """The graphics card."""
    ElementTree.SubElement(ElementTree.SubElement(parent, 'video'), 'model', type=model)


def rng(parent, source):
    """A source of random numbers, fed from the host's device `source`."""
    element = ElementTree.SubElement(parent, 'rng', model='virtio')
    ElementTree.SubElement(element, 'backend', model='random').text = source


def balloon(parent, period):
    """The memory balloon; it reports every `period` seconds if that is above 0."""
    element = ElementTree.SubElement(parent, 'memballoon', model='virtio')
    if period > 0:
        ElementTree.SubElement(element, 'stats', period=str(period))
