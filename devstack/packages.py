# SPDX-License-Identifier: Apache-2.0
"""Debian packages: which of ``bindep.txt`` are missing, and their installation without starting any service."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devstack import process
from devstack.layout import Layout

# Debian asks this program, where there is one, before a package starts its service. 101 forbids.
POLICY = Path('/usr/sbin/policy-rc.d')
FORBID = '#!/bin/sh\nexit 101\n'


def can_install() -> bool:
    """Whether we may install packages with apt here."""
    return os.getuid() == 0 and shutil.which('apt-get') is not None


def names(bindep: Path, profiles: set[str], platform: str = 'dpkg') -> list[str]:
    """The packages that ``bindep`` names for ``platform`` without a profile or with one of ``profiles``."""
    chosen = []
    for line in bindep.read_text().splitlines():
        name, _, rest = line.partition('#')[0].strip().partition(' ')
        words = rest.strip('[] ').split()
        platforms = {word.partition(':')[2] for word in words if word.startswith('platform:')}
        wanted = {word for word in words if not word.startswith('platform:')}
        if name and platform in platforms and (not wanted or wanted & profiles):
            chosen.append(name)
    return chosen


def missing(wanted: list[str]) -> list[str]:
    """Those of ``wanted`` that are not installed."""
    asked = subprocess.run(['dpkg-query', '-W', '-f', '${Package} ${db:Status-Status}\n', *wanted],
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    installed = {line.split()[0] for line in asked.stdout.splitlines() if line.endswith(' installed')}
    return [name for name in wanted if name not in installed]


def install(layout: Layout, wanted: list[str]) -> None:
    """Install ``wanted``; none of them may start a service. Raises DevstackError with apt's log."""
    quiet = {'DEBIAN_FRONTEND': 'noninteractive', 'LC_ALL': 'C.UTF-8'}
    process.command(layout, 'apt', ['apt-get', 'update', '-q'], quiet, timeout=600)
    with _no_services():
        process.command(layout, 'apt', [
            'apt-get', 'install', '-y', '-q', '--no-install-recommends', '-o', 'Dpkg::Lock::Timeout=600',
            '-o', 'Dpkg::Options::=--force-confold', *wanted], quiet, timeout=1800)


@contextmanager
def _no_services() -> Iterator[None]:
    if POLICY.exists():
        # The machine's owner has a policy already, usually this very one; it is not ours to replace.
        yield
        return
    POLICY.write_text(FORBID)
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)
