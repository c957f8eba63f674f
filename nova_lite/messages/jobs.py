# SPDX-License-Identifier: Apache-2.0
"""What the conductor asks of a host and what the host answers.

All work on a host is a job: keyed, started once, joined when asked again, its end kept on the host's disk until the
conductor has journaled it. A short job's end comes back in the answer itself; a longer one is reported.
"""

from __future__ import annotations

import msgspec

from nova_lite.messages.guests import Guest

RUNNING = 'running'
DONE = 'done'
REFUSED = 'refused'   # a definite no: the host is sure that it cannot be done, and nothing is left of the attempt
BROKEN = 'broken'     # the driver failed and the outcome is not certain: to be measured again


class Key(msgspec.Struct, frozen=True):
    """Names one step of one order: what a job is for. The same key is the same job."""

    order_id: int
    attempt: int
    step: str
    undoing: bool = False
    cell: str = ''


class StartGuest(msgspec.Struct, frozen=True, tag='start_guest'):
    """Fetch the image, make disks and config drive, define and start the guest; a running guest is done."""

    guest: Guest


class DestroyGuest(msgspec.Struct, frozen=True, tag='destroy_guest'):
    """Stop the guest and remove it with all its files; a guest that is not there is done."""

    name: str


class PowerOn(msgspec.Struct, frozen=True, tag='power_on'):
    """Start the guest that exists; a running one is done. `guest` lets the host make the domain again."""

    guest: Guest


class PowerOff(msgspec.Struct, frozen=True, tag='power_off'):
    """Ask the guest to shut down for `timeout` seconds, then cut its power; one that is off is done.

    `timeout` 0 cuts at once.
    """

    name: str
    timeout: int = 60
    retry_interval: int = 10


class Reboot(msgspec.Struct, frozen=True, tag='reboot'):
    """Restart the guest. Soft asks the guest and falls back to hard after `timeout` seconds."""

    guest: Guest
    hard: bool = False
    timeout: int = 120


Work = StartGuest | DestroyGuest | PowerOn | PowerOff | Reboot


class Request(msgspec.Struct, frozen=True):
    """Run (or join) one job for one server. A `fence` lower than the highest seen for the server is refused.

    `secrets` (user token, admin password) lives in memory only: never on disk, in logs or in results.
    """

    key: Key
    server_uuid: str
    fence: int
    work: Work
    secrets: dict[str, str] = {}


class Status(msgspec.Struct, frozen=True):
    """How a job stands. `result` is plain data (`power_state` and the like); `message` explains refused and broken.

    `reason` is the kind of the error in one word (the class name), for the fault.
    """

    state: str
    result: dict = {}
    message: str = ''
    reason: str = ''
    progress: int = 0


class Report(msgspec.Struct, frozen=True):
    """A job's end, told by the host until the conductor has journaled it."""

    host: str
    key: Key
    server_uuid: str
    fence: int
    status: Status
