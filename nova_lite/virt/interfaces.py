# SPDX-License-Identifier: Apache-2.0
"""What a virt driver may offer, interface by interface, and the rules that every primitive keeps.

1. A primitive measures, then acts: called again after any crash it ends in the same state.
2. A definite no raises a kind of `errors` (Invalid, Forbidden, NotFound, Conflict, Unsupported). Anything else that is
   raised means that the outcome is not certain.
3. Guests are named by the server's uuid. Long primitives get a `Task` and wait only through it.

Nothing here acts; drivers live in the sub-packages.
"""

from __future__ import annotations

import abc
import enum
from collections.abc import Callable
from pathlib import Path

import msgspec

from nova_lite import errors
from nova_lite.messages.guests import Guest, Image
from nova_lite.messages.hosts import GuestState


class GuestNotFound(errors.NotFound):
    """The hypervisor has no such guest, or its disks are gone."""

    message = 'The guest does not exist on this host.'


class Cancelled(Exception):
    """The task was called off while it waited. How far it came is not certain."""


class Task(abc.ABC):
    """What a long primitive is given by whoever runs it."""

    @abc.abstractmethod
    def sleep(self, seconds):
        """Wait. Raises Cancelled as soon as the task is called off."""

    @abc.abstractmethod
    def progress(self, percent):
        """Tell how far the primitive is, 0 to 100. Raises Cancelled if the task is called off."""


class Facts(msgspec.Struct, frozen=True):
    """One hypervisor node as its driver sees it. Memory in MiB, disk in GiB."""

    node: str
    hypervisor_type: str
    hypervisor_version: int
    vcpus: int
    memory_mb: int
    local_gb: int
    memory_mb_used: int = 0
    local_gb_used: int = 0
    vcpus_used: int = 0
    disk_available_least: int | None = None
    running_vms: int = 0
    cpu_info: dict = {}
    uptime: str | None = None
    supported_instances: list[list[str]] = []


class Amount(msgspec.Struct, frozen=True):
    """How much of one resource class a node has, before reservation and ratio."""

    total: int
    step_size: int = 1


class Change(enum.Enum):
    """What a hypervisor tells about a guest without being asked."""

    STARTED = 'started'
    STOPPED = 'stopped'
    PAUSED = 'paused'
    RESUMED = 'resumed'
    REMOVED = 'removed'
    RECONNECTED = 'reconnected'


class Guests(abc.ABC):
    """The guests themselves: to make, to switch, to look at."""

    @abc.abstractmethod
    def start(self, guest: Guest, task: Task) -> None:
        """Define the guest as `guest` says and start it; a running one stays as it is.

        Its disks exist already. Raises GuestNotFound when they do not.
        """

    @abc.abstractmethod
    def power_off(self, uuid: str, timeout: int, retry_interval: int, task: Task) -> None:
        """Ask the guest to shut down, again every `retry_interval` seconds, and cut its power after `timeout`.

        A guest that is off is done. `timeout` 0 cuts at once. Raises GuestNotFound.
        """

    @abc.abstractmethod
    def reboot(self, guest: Guest, hard: bool, timeout: int, task: Task) -> None:
        """Restart the guest. Soft asks it and falls back to hard after `timeout` seconds. Raises GuestNotFound.

        The one primitive that cannot measure: called again after a crash, it may restart the guest a second time.
        """

    @abc.abstractmethod
    def destroy(self, uuid: str, task: Task) -> None:
        """Cut the guest's power and forget its definition; its disks stay. A guest that is not there is done."""

    @abc.abstractmethod
    def info(self, uuid: str) -> GuestState | None:
        """The guest's state now, or None if the hypervisor knows none of that name."""

    @abc.abstractmethod
    def list(self) -> list[GuestState]:
        """The state of every guest of this host."""


class Disks(abc.ABC):
    """Disks on the host's own storage, and the images they are made from."""

    @property
    @abc.abstractmethod
    def image_folder(self) -> Path | None:
        """Where prepared images are kept, or None if the driver needs no image files."""

    @abc.abstractmethod
    def image_file(self, image: Image) -> Path:
        """Where in that folder the prepared image is, or will be."""

    @abc.abstractmethod
    def prepare_image(self, downloaded: Path, image: Image, target: Path, task: Task) -> None:
        """Check the downloaded file against what the image claims to be, and make `target` of it.

        Raises Invalid for a file that lies about its format or refers to others. `downloaded` may be moved away.
        """

    @abc.abstractmethod
    def create(self, guest: Guest, base: Path | None, task: Task, admin_password: str | None = None) -> None:
        """Make whatever disks of the guest do not exist yet. `base` is the prepared image of its root disk.

        `admin_password` is for the config drive, and for nothing else.

        Raises Invalid when the image does not fit into the flavor.
        """

    @abc.abstractmethod
    def describe(self, guest: Guest) -> dict:
        """What the control plane shows of a guest's disks: `root_device_name` and whether it has a `config_drive`."""

    @abc.abstractmethod
    def remove(self, uuid: str, task: Task) -> None:
        """Delete every file of the guest; what is gone is done."""

    @abc.abstractmethod
    def list(self) -> set[str]:
        """The uuids of all guests that have files here."""

    @abc.abstractmethod
    def images_in_use(self) -> set[Path]:
        """The prepared images that some guest's disk still reads."""


class Consoles(abc.ABC):
    """What guests print, and ways to reach their screens."""

    @abc.abstractmethod
    def log(self, uuid: str, length: int | None) -> str:
        """The last `length` lines (None: all that is kept) of the serial console. Raises GuestNotFound."""


class Host(abc.ABC):
    """The hypervisor itself."""

    @abc.abstractmethod
    def facts(self) -> Facts:
        """Totals, use and description of the node."""

    @abc.abstractmethod
    def inventory(self) -> dict[str, Amount]:
        """Resource class -> what the node has of it."""

    @abc.abstractmethod
    def traits(self) -> set[str]:
        """The standard traits of the hardware (CPU features and the like), without those of the driver."""

    @abc.abstractmethod
    def watch(self, callback: Callable[[str | None, Change], None]) -> None:
        """Call `callback(uuid, change)` at every change of a guest that the hypervisor notices.

        It is called from threads of the driver's own and must return at once. RECONNECTED has no uuid and means that
        changes may have been missed.
        """


class Missing:
    """Stands in a driver's place for an interface that it does not have."""

    def __init__(self, driver, interface):
        self._driver = driver
        self._interface = interface

    def __getattr__(self, method):
        raise errors.Unsupported(f'The {self._driver} driver does not support {self._interface}.{method}.')
