# SPDX-License-Identifier: Apache-2.0
"""What this host tells of itself: that it lives, what it has, which guests it holds and how they are."""

import itertools
import threading

import msgspec
from oslo_log import log

from nova_lite import states
from nova_lite.messages import hosts
from nova_lite.virt.interfaces import Change

LOG = log.getLogger(__name__)

BINARY = 'nova-compute'
TOPIC = 'compute'
_WHOLE_DELAY = 2.0
# So many descriptions that say nothing new are not told.
_MOST_UNCHANGED = 9


class Reports:
    """Tells the conductor. `busy(server_uuid)` says whether a job works on a guest: its end tells more than an event.

    `boot_id` names this start of the agent.
    """

    def __init__(self, conf, driver, conductor, executor, boot_id, busy):
        self._conf = conf
        self._driver = driver
        self._conductor = conductor
        self._executor = executor
        self._boot_id = boot_id
        self._busy = busy
        self._sequence = itertools.count(1)
        self._sending = threading.Lock()
        self._known = None
        self._unchanged = 0
        self._whole_planned = False

    def beat(self):
        """Say that this host lives; and that it has just started, until the conductor has heard something for sure."""
        self._conductor.heartbeat(hosts.Heartbeat(
            host=self._conf.host, binary=BINARY, topic=TOPIC, boot_id=self._boot_id, started=self._known is None))

    def facts(self, node):
        """Tell what the node is (`hosts.HostFacts`) if that is not what was told last, and now and then all the same:
        an operator may have removed the host's service. Raises Unavailable, Conflict.

        The first answer of the conductor is followed by a report of all guests: now it will not be lost.
        """
        if self._known is not None and _same(node, self._known) and self._unchanged < _MOST_UNCHANGED:
            self._unchanged += 1
            return
        self._conductor.host_facts(node)
        if self._known is None:
            self.tell_all_guests()
        self._known, self._unchanged = node, 0

    def all_guests(self):
        """The report of every guest of this host, and of every guest that only files are left of (NOSTATE)."""
        return self._report(self._look_at_all, whole=True)

    def tell_all_guests(self):
        """Tell the conductor of every guest."""
        self._conductor.guests_report(self.all_guests())

    def on_change(self, uuid, change):
        """Take an event of the driver's: returns at once, tells later."""
        if change in (Change.RECONNECTED, Change.REMOVED):
            if uuid is None or not self._busy(uuid):
                self._plan_whole()
        elif not self._busy(uuid):
            self._later(self._tell_guest, uuid)

    def _plan_whole(self):
        """Tell of all guests soon: many guests that go at the same time make one report."""
        with self._sending:
            if self._whole_planned:
                return
            self._whole_planned = True
        self._executor.call_later(_WHOLE_DELAY, self._tell_planned)

    def _tell_planned(self):
        with self._sending:
            self._whole_planned = False
        self.tell_all_guests()

    def _look_at_all(self):
        # Files first: a guest that is made between the two looks must not seem to have none but files.
        files = self._driver.disks.list()
        found = self._driver.guests.list()
        files_only = files - {guest.uuid for guest in found}
        return found + [hosts.GuestState(uuid, '', states.NOSTATE) for uuid in sorted(files_only)]

    def _tell_guest(self, uuid):
        def look():
            found = self._driver.guests.info(uuid)
            return [] if found is None else [found]
        report = self._report(look)
        if report.guests:
            self._conductor.guests_report(report)

    def _report(self, look, whole=False):
        # The number is taken before the look: of two reports, the one with the higher number saw the later state.
        with self._sending:
            sequence = next(self._sequence)
            return hosts.GuestsReport(
                host=self._conf.host, boot_id=self._boot_id, sequence=sequence, guests=look(), whole=whole)

    def _later(self, function, *arguments):
        try:
            self._executor.submit(function, *arguments)
        except RuntimeError:
            LOG.debug('an event of a guest is not told: this host is stopping')


def _same(one, other):
    """Whether two descriptions differ in nothing but what always changes."""
    return msgspec.structs.replace(one, uptime=None) == msgspec.structs.replace(other, uptime=None)
