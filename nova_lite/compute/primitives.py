# SPDX-License-Identifier: Apache-2.0
"""What each kind of work does to the driver: a few primitives in order. It decides nothing."""

import contextlib
import errno

from oslo_log import log

from nova_lite import errors, states
from nova_lite.messages import jobs

LOG = log.getLogger(__name__)


class HostFull(errors.Conflict):
    """There is no room left on the host's disk."""

    message = 'The storage of the host is full.'


class Primitives:
    """The work of this host, done with `driver` and the images that `images` fetches; `slots` for work on disks."""

    def __init__(self, driver, images, slots):
        self._driver = driver
        self._images = images
        self._slots = slots
        self._table = {
            jobs.StartGuest: self._start_guest, jobs.DestroyGuest: self._destroy_guest, jobs.PowerOn: self._power_on,
            jobs.PowerOff: self._power_off, jobs.Reboot: self._reboot,
        }

    def perform(self, request, task):
        """Do the work of `request`; returns its result as plain data.

        Raises a kind of `errors` for a definite no, after which nothing is left of the attempt; anything else for an
        outcome that is not certain.
        """
        work = request.work
        if getattr(work, 'guest', None) and work.guest.uuid != request.server_uuid:
            raise errors.Invalid('The guest is not the one that the request is about.')
        if type(work) not in self._table:
            raise errors.Unsupported(f'This host does not know the work {type(work).__name__}.')
        return self._table[type(work)](request, work, task)

    def _start_guest(self, request, work, task):
        guest = work.guest
        before = self._driver.guests.info(guest.uuid)
        if before is None or before.power_state != states.RUNNING:
            try:
                with _full_disk_is_a_no():
                    base = self._images.fetch(guest.image, request.secrets, task)
                with self._slots.hold(task), _full_disk_is_a_no():
                    self._driver.disks.create(guest, base, task, request.secrets.get('admin_password'))
                self._driver.guests.start(guest, task)
            except errors.Error as error:
                if before is None and not isinstance(error, errors.Unavailable):
                    self._remove(guest.uuid, task)
                raise
        return self._state(guest.uuid) | self._driver.disks.describe(guest)

    def _destroy_guest(self, request, work, task):
        self._remove(request.server_uuid, task)
        return {}

    def _power_on(self, request, work, task):
        self._driver.guests.start(work.guest, task)
        return self._state(request.server_uuid)

    def _power_off(self, request, work, task):
        self._driver.guests.power_off(request.server_uuid, work.timeout, work.retry_interval, task)
        return self._state(request.server_uuid)

    def _reboot(self, request, work, task):
        self._driver.guests.reboot(work.guest, work.hard, work.timeout, task)
        return self._state(request.server_uuid)

    def _remove(self, uuid, task):
        self._driver.guests.destroy(uuid, task)
        self._driver.disks.remove(uuid, task)

    def _state(self, uuid):
        found = self._driver.guests.info(uuid)
        return {'power_state': found.power_state if found else states.NOSTATE}


@contextlib.contextmanager
def _full_disk_is_a_no():
    """Another host may have room: waiting for this one's would be the wrong patience."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise HostFull() from error
        raise
