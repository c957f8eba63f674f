# SPDX-License-Identifier: Apache-2.0
"""Ends of jobs on their way to the conductor: told by call, again and again until they are journaled there."""

import threading

from oslo_log import log

from nova_lite import errors
from nova_lite.messages import jobs

LOG = log.getLogger(__name__)

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
# The conductor knows better: the order is gone, or says otherwise. Telling it again changes nothing.
_FINAL = (errors.NotFound, errors.Conflict, errors.Invalid, errors.Forbidden)


class Outbox:
    """Tells ends one after the other; `told(server_uuid, key)` is called for each that has arrived.

    A BROKEN end is dropped when its job begins again: the new end will say more.
    """

    def __init__(self, host, conductor, executor, random, told):
        self._host = host
        self._conductor = conductor
        self._executor = executor
        self._random = random
        self._told = told
        self._lock = threading.Lock()
        self._waiting = {}
        self._busy = False
        self._pause = FIRST_PAUSE

    def add(self, server_uuid, end):
        """Tell this End (`records.End`) as soon as possible."""
        with self._lock:
            self._waiting[server_uuid, end.key] = end
            if self._busy:
                return
            self._busy = True
        self._executor.submit(self._work)

    def drop(self, server_uuid, key):
        """Do not tell this end any more."""
        with self._lock:
            self._waiting.pop((server_uuid, key), None)

    def _work(self):
        """Tell what waits until nothing does, or until the conductor does not answer; then once more after a pause."""
        while (found := self._next()) is not None:
            (server_uuid, key), end = found
            if not self._tell(server_uuid, end):
                pause = self._pause * self._random.uniform(0.5, 1.0)
                self._pause = min(self._pause * 2, LONGEST_PAUSE)
                self._executor.call_later(pause, self._work)
                return
            self._pause = FIRST_PAUSE
            with self._lock:
                if self._waiting.get((server_uuid, key)) is end:
                    del self._waiting[server_uuid, key]
            self._told(server_uuid, key)

    def _next(self):
        with self._lock:
            found = next(iter(self._waiting.items()), None)
            self._busy = found is not None
            return found

    def _tell(self, server_uuid, end):
        """Whether nobody needs to be told any more."""
        try:
            self._conductor.report(jobs.Report(self._host, end.key, server_uuid, end.fence, end.status))
        except _FINAL as error:
            LOG.warning('the conductor does not want the end of %s of %s: %s', end.key.step, server_uuid, error)
        except errors.Error as error:
            LOG.warning('the end of %s of %s could not be told yet: %s', end.key.step, server_uuid, error)
            return False
        except Exception:  # noqa: BLE001  nothing may end this loop: every end must be told
            LOG.exception('the end of %s of %s could not be told yet', end.key.step, server_uuid)
            return False
        return True
