# SPDX-License-Identifier: Apache-2.0
"""The first use of the cloud, with the commands a person would type: image, flavors, a server, its console."""

import hashlib
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from devstack import rest
from devstack.errors import DevstackError
from devstack.guest_image import READY
from devstack.layout import Layout

# name: virtual processors, MiB of memory, GiB of disk
FLAVORS = {'m1.tiny': (1, 128, 1), 'm1.small': (1, 512, 1), 'm1.medium': (2, 1024, 2)}
IMAGE, SERVER = 'guest', 'demo'
COLUMNS = [word for name in ('id', 'name', 'status', 'image', 'OS-EXT-SRV-ATTR:host') for word in ('-c', name)]


@dataclass
class Cloud:
    """Acts as the administrator, whose environment is in ``openrc``. ``compute`` and ``image`` are endpoints."""

    layout: Layout
    openrc: Path
    session: rest.Session
    compute: str
    image: str
    boots: bool  # whether guests are real, and so have a console worth waiting for

    def fill(self, disk: Path, disk_format: str) -> None:
        """Upload the image and make the flavors, where they are missing."""
        self._upload(disk, disk_format)
        known = {one['name'] for one in self._compute('GET', '/flavors')['flavors']}
        for name, (vcpus, ram, gigabytes) in FLAVORS.items():
            if name not in known:
                self.show('flavor', 'create', name, '--vcpus', str(vcpus), '--ram', str(ram), '--disk', str(gigabytes),
                          '-c', 'id', '-c', 'name')

    def boot(self) -> None:
        """Create the server ``demo`` and wait for it. One that is there is started where it is off, and made anew where
        an earlier run failed."""
        found = self._compute('GET', f'/servers/detail?name=^{SERVER}$')['servers']
        if found and found[0]['status'] == 'ERROR':
            self.show('server', 'delete', SERVER, '--wait')
            found = []
        if not found:
            self.show('server', 'create', SERVER, '--image', IMAGE, '--flavor', next(iter(FLAVORS)), '--nic', 'none',
                      '--wait', *COLUMNS)
        elif found[0]['status'] == 'SHUTOFF':
            self.show('server', 'start', SERVER)
        server = self._wait_active()
        if self.boots:
            self._wait_ready(server)
        self.show('server', 'list')

    def console(self) -> None:
        self.show('console', 'log', 'show', SERVER, *(['--lines', '25'] if self.boots else []))

    def show(self, *words: str) -> None:
        """Print an ``openstack`` command and what it says. Raises DevstackError when it fails."""
        print(f'\n$ openstack {" ".join(words)}', flush=True)
        shell = ['sh', '-c', '. "$0" && exec openstack "$@"', str(self.openrc), *words]
        if subprocess.run(shell, stdin=subprocess.DEVNULL, env=self._environment(), check=False).returncode:
            raise DevstackError(f'openstack {" ".join(words)} failed', self._suspect())

    def _environment(self) -> dict[str, str]:
        # Nothing of another cloud that the person's shell knows may reach the client.
        return {name: value for name, value in os.environ.items() if not name.startswith('OS_')}

    def _upload(self, disk: Path, disk_format: str) -> None:
        checksum = hashlib.md5(disk.read_bytes(), usedforsecurity=False).hexdigest()
        for known in self.session.call('GET', f'{self.image}/v2/images?name={IMAGE}')['images']:
            if known['checksum'] == checksum and known['status'] == 'active':
                return
            self.session.call('DELETE', f'{self.image}/v2/images/{known["id"]}')
        self.show('image', 'create', IMAGE, '--public', '--disk-format', disk_format, '--container-format', 'bare',
                  '--file', str(disk), '-c', 'id', '-c', 'name', '-c', 'size', '-c', 'status')

    def _wait_active(self) -> str:
        deadline = time.monotonic() + 180
        while True:
            server = self._compute('GET', f'/servers/detail?name=^{SERVER}$')['servers'][0]
            if server['status'] == 'ACTIVE':
                return server['id']
            if server['status'] == 'ERROR' or time.monotonic() > deadline:
                raise DevstackError(f'server {SERVER} is {server["status"]}: {server.get("fault", {}).get("message")}',
                                    self._suspect())
            time.sleep(0.5)

    def _wait_ready(self, server: str) -> None:
        deadline = time.monotonic() + 180
        while READY not in self._compute('POST', f'/servers/{server}/action', {'os-getConsoleOutput': {}})['output']:
            if time.monotonic() > deadline:
                raise DevstackError(f'the guest of {SERVER} did not say "{READY}" within 180 s', self._suspect())
            time.sleep(0.5)

    def _compute(self, method: str, path: str, body: dict | None = None) -> dict:
        return self.session.call(method, f'{self.compute}{path}', body)

    def _suspect(self) -> Path:
        """The log of the daemon that most often knows why."""
        for name in ('nova-all', 'nova-compute', 'nova-compute-1', 'nova-conductor'):
            if self.layout.log_file(name).exists():
                return self.layout.log_file(name)
        return self.layout.log_file('nova-api')
