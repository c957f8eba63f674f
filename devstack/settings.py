# SPDX-License-Identifier: Apache-2.0
"""What the person asked for: make's variables (they arrive in the environment), read once and checked."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from devstack.errors import DevstackError

REPOSITORY = Path(__file__).resolve().parent.parent
DRIVERS = ('libvirt', 'fake')
MODES = ('full', 'embedded')


@dataclass(frozen=True)
class Ports:
    """Where each server listens, always on loopback. Names are make's variables in small letters."""

    api_port: int = 8774
    placement_port: int = 8778
    keystone_port: int = 5000
    glance_port: int = 9292
    rabbit_port: int = 5672
    rabbit_dist_port: int = 25672
    epmd_port: int = 25673


@dataclass(frozen=True)
class Counts:
    """How many of each daemon, and of worker processes inside the two API servers."""

    computes: int = 1
    conductors: int = 1
    schedulers: int = 1
    api_workers: int = 2
    placement_workers: int = 2


@dataclass(frozen=True)
class Settings:
    """One deployment as asked for. ``mode`` and ``driver`` are None where the machine is to decide."""

    state: Path
    mode: str | None
    driver: str | None
    ports: Ports
    counts: Counts
    repository: Path = REPOSITORY

    @property
    def venv(self) -> Path:
        return self.repository / '.venv'

    @property
    def services_venv(self) -> Path:
        return self.repository / '.venv-services'

    def record(self) -> dict:
        """What is written down, so that the next run can tell a change."""
        return {'mode': self.mode, 'driver': self.driver, **asdict(self.ports), **asdict(self.counts)}


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in ``environ``; raises DevstackError, naming the variable, for a value that makes no sense."""
    rabbit = _number(environ, 'RABBIT_PORT', 5672, 65535)
    # Erlang's own two ports follow the broker's, so that a second broker needs one variable only.
    derived = rabbit + 20000 if rabbit < 45000 else rabbit - 20000
    ports = Ports(
        api_port=_number(environ, 'API_PORT', 8774, 65535),
        placement_port=_number(environ, 'PLACEMENT_PORT', 8778, 65535),
        keystone_port=_number(environ, 'KEYSTONE_PORT', 5000, 65535),
        glance_port=_number(environ, 'GLANCE_PORT', 9292, 65535),
        rabbit_port=rabbit,
        rabbit_dist_port=_number(environ, 'RABBIT_DIST_PORT', derived, 65535),
        epmd_port=_number(environ, 'EPMD_PORT', derived + 1, 65535))
    counts = Counts(
        computes=_number(environ, 'COMPUTES', 1, 200), conductors=_number(environ, 'CONDUCTORS', 1, 50),
        schedulers=_number(environ, 'SCHEDULERS', 1, 50), api_workers=_number(environ, 'API_WORKERS', 2, 100),
        placement_workers=_number(environ, 'PLACEMENT_WORKERS', 2, 100))
    settings = Settings(Path(environ.get('STATE') or REPOSITORY / 'var').absolute(), _word(environ, 'MODE', MODES),
                        _word(environ, 'DRIVER', DRIVERS), ports, counts)
    if settings.driver != 'fake' and counts.computes > 1:
        raise DevstackError('COMPUTES above 1 needs DRIVER=fake: one machine has one libvirt')
    return settings


def _number(environ: Mapping[str, str], name: str, default: int, largest: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= largest:
        raise DevstackError(f'{name}={text}: a whole number from 1 to {largest} is needed')
    return int(text)


def _word(environ: Mapping[str, str], name: str, words: tuple[str, ...]) -> str | None:
    text = environ.get(name) or None
    if text is not None and text not in words:
        raise DevstackError(f'{name}={text}: one of {", ".join(words)} is needed')
    return text
