# SPDX-License-Identifier: Apache-2.0
"""The pretended host: its guests, who watches them, and what goes wrong with them.

With a state directory the guests are files, one each, and a new process finds them as it would find real ones.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

import msgspec

from nova_lite import states
from nova_lite.virt import interfaces


class Failure(Exception):
    """A failure to order: the driver broke, and what it has done is not certain."""


class Machine(msgspec.Struct):
    """One pretended guest. Without `defined` it is only a set of disks. `deaf` ones ignore a polite shutdown."""

    uuid: str
    name: str
    vcpus: int = 0
    memory_mb: int = 0
    disk_gb: int = 0
    power_state: int = states.SHUTDOWN
    defined: bool = False
    disks: bool = False
    deaf: bool = False
    console: list[str] = []


class Hypervisor:
    """All pretended guests of one host. Safe to use from several threads."""

    def __init__(self, options, node, random):
        self.node = node
        self.options = options
        self._random = random
        self._lock = threading.RLock()
        self._watchers = []
        self._planned = []
        self._folder = Path(options.state_directory) if options.state_directory else None
        self._machines = self._load()

    def plan_failure(self, primitive, error=None, after=False, times=1):
        """Let the next `times` calls of `primitive` (such as 'start') raise `error`, before or after it acts."""
        error = error or Failure(f'{primitive} was told to break')
        self._planned.extend([(primitive, after, error)] * times)

    def watch(self, callback):
        """Call `callback(uuid, Change)` at every change of a guest."""
        self._watchers.append(callback)

    def machine(self, uuid, defined=True):
        """The guest, or None. `defined` False also finds one of which only disks exist."""
        found = self._machines.get(uuid)
        return found if found and (found.defined or not defined) else None

    def machines(self):
        """Every guest, and every set of disks without one."""
        with self._lock:
            return list(self._machines.values())

    def act(self, primitive, task, change):
        """Do one primitive: `change()` between the latency and the failures that are planned or fall by chance."""
        latency = self.options.latency * self._random.uniform(0.5, 1.5)
        chance = self._random.random() / self.options.failure_rate if self.options.failure_rate else 1.0
        self._break(primitive, after=False, by_chance=chance < 0.5)
        if latency:
            task.sleep(latency)
        with self._lock:
            change()
        self._break(primitive, after=True, by_chance=0.5 <= chance < 1.0)

    def save(self, machine):
        """Keep what was changed in a guest."""
        self._machines[machine.uuid] = machine
        if self._folder:
            path = self._folder / f'{machine.uuid}.json'
            temporary = path.with_suffix('.new')
            temporary.write_bytes(msgspec.json.encode(machine))
            os.replace(temporary, path)

    def forget(self, uuid):
        """Remove a guest for good."""
        self._machines.pop(uuid, None)
        if self._folder:
            (self._folder / f'{uuid}.json').unlink(missing_ok=True)

    def switch(self, machine, power_state, change, line=None):
        """Change a guest's power state, let it print a line, and tell the watchers."""
        machine.power_state = power_state
        if line:
            machine.console = [*machine.console, line][-1000:]
        self.save(machine)
        self.tell(machine.uuid, change)

    def halt(self, uuid):
        """The guest switches itself off, as a user inside would."""
        with self._lock:
            self.switch(self._machines[uuid], states.SHUTDOWN, interfaces.Change.STOPPED, 'reboot: Power down')

    def tell(self, uuid, change):
        """Tell the watchers about a guest."""
        for callback in self._watchers:
            callback(uuid, change)

    def _break(self, primitive, after, by_chance):
        for planned in self._planned:
            if planned[:2] == (primitive, after):
                self._planned.remove(planned)
                raise planned[2]
        if by_chance:
            raise Failure(f'{primitive} broke by chance')

    def _load(self):
        if self._folder is None:
            return {}
        self._folder.mkdir(parents=True, exist_ok=True)
        found = [msgspec.json.decode(path.read_bytes(), type=Machine) for path in self._folder.glob('*.json')]
        return {machine.uuid: machine for machine in found}
