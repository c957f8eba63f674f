# SPDX-License-Identifier: Apache-2.0
"""A private libvirtd and virtlogd, and what is the same for every libvirt: does it answer, shut its guests down.

libvirtd as root has fixed folders. The private one sees folders of ours in their place, in a mount namespace of its
own, and so shares no guest, no socket and no setting with the machine's.
"""

import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from devstack import process
from devstack.errors import DevstackError
from devstack.layout import Layout

SYSTEM, SESSION = 'qemu:///system', 'qemu:///session'
# libvirt's folder -> ours below lib/libvirt
FOLDERS = {'/etc/libvirt': 'etc', '/run/libvirt': 'run', '/var/lib/libvirt': 'lib', '/var/log/libvirt': 'log',
           '/var/cache/libvirt': 'cache'}
SHUTDOWN_SECONDS = 30


@dataclass
class Libvirt:
    """A private libvirtd with its virtlogd (root only)."""

    layout: Layout
    name: str = 'libvirtd'

    @property
    def uri(self) -> str:
        """Where clients connect: the private daemon's socket."""
        return f'qemu+unix:///system?socket={self._socket}'

    def start(self, timeout: float = 120.0) -> None:
        """Start both daemons and wait until libvirtd answers and has looked at its QEMU."""
        self._configure()
        process.start(self.layout, self._logger, self._inside('virtlogd'))
        process.wait_for((self._folder('run') / 'virtlogd-sock').exists, 'virtlogd', 20, self.layout, self._logger)
        process.start(self.layout, self.name, self._inside('libvirtd'))
        process.wait_for(lambda: answers(self.uri), 'libvirtd', timeout, self.layout, self.name)

    def stop(self) -> None:
        """Shut the guests down as a host that is switched off does, then end both daemons."""
        if process.running(self.layout, self.name) is not None:
            shut_down_guests(self.layout, self.uri)
        process.stop(self.layout, self.name)
        process.stop(self.layout, self._logger)

    @property
    def _logger(self) -> str:
        return 'virtlogd' if self.name == 'libvirtd' else f'{self.name}-virtlogd'

    @property
    def _socket(self) -> Path:
        return self.layout.sockets('libvirt') / 'libvirt-sock'

    def _folder(self, name: str) -> Path:
        # The sockets' folder has a short path: libvirt's clients connect to it from outside of the namespace.
        return self.layout.sockets('libvirt') if name == 'run' else self.layout.data('libvirt') / name

    def _configure(self) -> None:
        for name in FOLDERS.values():
            self._folder(name).mkdir(parents=True, exist_ok=True)
        self.layout.write(self._folder('etc') / 'libvirtd.conf', '\n'.join([
            'listen_tls = 0', 'listen_tcp = 0', 'auth_unix_ro = "none"', 'auth_unix_rw = "none"',
            # A machine without DMI tables gives libvirt nothing to name the host by.
            f'host_uuid = "{host_uuid()}"', 'log_outputs = "2:stderr"', '']))
        self.layout.write(self._folder('etc') / 'virtlogd.conf', 'log_outputs = "2:stderr"\n')
        # Guests run as root: their files lie below our folder, which is closed to every other user.
        self.layout.write(self._folder('etc') / 'qemu.conf', '\n'.join([
            'user = "+0"', 'group = "+0"', 'security_driver = "none"', 'namespaces = []', 'remember_owner = 0',
            'stdio_handler = "logd"', '']))

    def _inside(self, daemon: str) -> list[str]:
        """The command line that runs ``daemon`` with our folders in the place of libvirt's."""
        binds = []
        for theirs, ours in FOLDERS.items():
            Path(theirs).mkdir(parents=True, exist_ok=True)
            binds.append(f'mount --bind {shlex.quote(str(self._folder(ours)))} {theirs}')
        return ['unshare', '--mount', '--propagation', 'private', 'sh', '-c',
                ' && '.join([*binds, 'exec "$@"']), 'sh', _tool(daemon),
                # Its default pid file lies outside of these folders, where the machine's own daemon has it.
                '--config', f'/etc/libvirt/{daemon}.conf', '--pid-file', f'/run/libvirt/{daemon}.pid']


def can_be_private() -> bool:
    """Whether this machine lets us have a mount namespace and has libvirt's daemons."""
    if os.getuid() != 0 or not all(_tool(name) for name in ('libvirtd', 'virtlogd', 'unshare')):
        return False
    trial = ['unshare', '--mount', '--propagation', 'private', 'mount', '--bind', '/tmp', '/tmp']
    return subprocess.run(trial, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def answers(uri: str) -> bool:
    """Whether a libvirt daemon with a QEMU driver answers at ``uri``."""
    if shutil.which('virsh') is None:
        return False
    try:
        return _virsh(uri, 'version').returncode == 0
    except subprocess.TimeoutExpired:
        return False


def shut_down_guests(layout: Layout, uri: str, names: Sequence[str] | None = None) -> None:
    """Press the power button of every running guest (of ``names`` only, when given); after 30 s, pull the plug."""
    def alive() -> list[str]:
        running = _virsh(uri, 'list', '--name').stdout.split()
        return [name for name in running if names is None or name in names]

    for name in alive():
        _virsh(uri, 'shutdown', '--mode', 'acpi', name)
    try:
        process.wait_for(lambda: not alive(), 'the end of every guest', SHUTDOWN_SECONDS, layout)
    except DevstackError:
        for name in alive():
            _virsh(uri, 'destroy', name)


def guests_below(uri: str, instances: Path) -> list[str]:
    """The names of the guests whose disks are in ``instances`` (a folder for each, named by the guest's UUID)."""
    known = _virsh(uri, 'list', '--all', '--name').stdout.split()
    named = {name: _virsh(uri, 'domuuid', name).stdout.strip() for name in known}
    return [name for name, uuid in named.items() if uuid and (instances / uuid).exists()]


def forget_guests(uri: str, names: Sequence[str]) -> None:
    """Remove the definitions of guests that are off."""
    for name in names:
        _virsh(uri, 'undefine', name)


def host_uuid() -> str:
    """A name for this host that stays the same over restarts."""
    digits = Path('/etc/machine-id').read_text().strip() if Path('/etc/machine-id').exists() else ''
    if len(digits) != 32:
        digits = Path('/proc/sys/kernel/random/boot_id').read_text().strip().replace('-', '')
    return f'{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}'


def _virsh(uri: str, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(['virsh', '-q', '-c', uri, *words], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60, check=False)


def _tool(name: str) -> str | None:
    return shutil.which(name, path=os.environ.get('PATH', os.defpath) + ':/usr/sbin:/sbin')
