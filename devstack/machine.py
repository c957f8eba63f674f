# SPDX-License-Identifier: Apache-2.0
"""Looks at the machine and decides what the deployment is made of, and why: nothing is started here."""

import os
import shutil
import subprocess
from dataclasses import dataclass, replace

from devstack import guest_image, libvirt, packages, rabbit
from devstack.errors import DevstackError
from devstack.settings import Settings


@dataclass(frozen=True)
class Choice:
    """A decision and its reason, for the person to read."""

    value: str
    reason: str


def mode(settings: Settings) -> Choice:
    """``full`` (five daemons, RabbitMQ, MariaDB) or ``embedded`` (one process, SQLite)."""
    if settings.mode:
        return Choice(settings.mode, f'MODE={settings.mode} was asked for')
    if packages.can_install():
        return Choice('full', 'you are root and apt is here')
    if os.getuid() == 0 and not absent_servers():
        return Choice('full', 'you are root and the servers are installed')
    lack = 'apt is not here' if os.getuid() == 0 else 'you are not root'
    return Choice('embedded', f'{lack}, so RabbitMQ and MariaDB are left out')


def absent_servers() -> list[str]:
    """The servers of a full deployment that are not installed."""
    lacking = [] if (rabbit.SCRIPTS / 'rabbitmq-server').exists() else ['RabbitMQ']
    return lacking + ([] if shutil.which('mariadbd', path=_path()) else ['MariaDB'])


def hypervisor(settings: Settings) -> tuple[Choice, str | None]:
    """The driver (``libvirt`` or ``fake``), and libvirt's address: None means a private libvirtd."""
    if settings.driver == 'fake':
        return Choice('fake', 'DRIVER=fake was asked for'), None
    lacking = [] if can_build_binding() else ['the headers of libvirt (libvirt-dev, pkg-config, gcc)']
    lacking += guest_image.missing_tools()
    uri = None
    if not lacking and not libvirt.can_be_private():
        uri = next((known for known in _addresses() if libvirt.answers(known)), '')
        lacking += [] if uri else ['a libvirt that answers']
    if not lacking:
        return Choice('libvirt', f'libvirt at {uri}' if uri else 'a private libvirtd'), uri
    if settings.driver == 'libvirt' or settings.mode == 'full':
        raise DevstackError(f'real guests need what this machine lacks: {", ".join(lacking)}. '
                            'DRIVER=fake does without them')
    return Choice('fake', f'this machine lacks {", ".join(lacking)}'), None


def can_build_binding() -> bool:
    """Whether pip can build libvirt-python here: it comes as source only."""
    if not shutil.which('pkg-config') or not (shutil.which('gcc') or shutil.which('cc')):
        return False
    return subprocess.run(['pkg-config', '--exists', 'libvirt'], check=False).returncode == 0


def decide(settings: Settings) -> tuple[Settings, Choice]:
    """``settings`` with the mode filled in, and why. Raises DevstackError where the mode cannot do what is asked."""
    choice = mode(settings)
    counts = settings.counts
    if choice.value == 'embedded' and max(counts.computes, counts.conductors, counts.schedulers) > 1:
        raise DevstackError(f'the embedded cloud is one process with one of each ({choice.reason}); '
                            'COMPUTES, CONDUCTORS and SCHEDULERS need MODE=full')
    return replace(settings, mode=choice.value), choice


def _addresses() -> tuple[str, ...]:
    return (libvirt.SYSTEM,) if os.getuid() == 0 else (libvirt.SESSION, libvirt.SYSTEM)


def _path() -> str:
    return os.environ.get('PATH', os.defpath) + ':/usr/sbin:/sbin'
