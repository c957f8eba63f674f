# SPDX-License-Identifier: Apache-2.0
"""Finds out whether a guest really runs under KVM here. A ``/dev/kvm`` that exists proves nothing."""

import shutil
import subprocess
import time
from pathlib import Path

from devstack.guest_image import KERNEL_ARGUMENTS, Guest
from devstack.layout import Layout

FIRST_WORDS = b'GUEST: start'
PATIENCE = 12.0  # seconds; real KVM needs less than two, plain emulation about three


def virt_type(layout: Layout, guest: Guest) -> str:
    """``kvm`` when our guest prints its first line under KVM within some seconds, else ``qemu``; remembered."""
    known = layout.etc / 'virt_type'
    if not known.exists():
        layout.write(known, 'kvm' if _boots_with_kvm(guest) else 'qemu')
    return known.read_text()


def _boots_with_kvm(guest: Guest) -> bool:
    if not Path('/dev/kvm').exists() or shutil.which('qemu-system-x86_64') is None:
        return False
    console = guest.folder / 'kvm-probe.log'
    with console.open('wb') as stream:
        trial = subprocess.Popen([
            'qemu-system-x86_64', '-accel', 'kvm', '-m', '128', '-nodefaults', '-display', 'none', '-no-reboot',
            '-serial', 'stdio', '-kernel', guest.kernel, '-initrd', guest.initrd, '-append', KERNEL_ARGUMENTS,
        ], stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < deadline and trial.poll() is None:
            if FIRST_WORDS in console.read_bytes():
                return True
            time.sleep(0.1)
        return FIRST_WORDS in console.read_bytes()
    finally:
        trial.kill()
        trial.wait()
