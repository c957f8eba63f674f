# SPDX-License-Identifier: Apache-2.0
"""Wait at start for what is not there yet, and say what it is."""

import time

from oslo_log import log

from nova_lite import errors

LOG = log.getLogger(__name__)

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
SAY_EVERY = 30.0


class Stopped(errors.Unavailable):
    """The daemon was told to stop while it waited."""

    message = 'Stopped while waiting.'


def until(check, what, stopping, retry_on=(Exception,)):
    """Call `check` until it does not raise one of `retry_on`; returns what it returns.

    The log says what is awaited, at once and every 30 s. Raises Stopped once the event `stopping` is set.
    """
    pause, said, waited = FIRST_PAUSE, None, False
    while not stopping.is_set():
        problem = None
        try:
            result = check()
        except retry_on as error:
            problem = str(error).split('\n', 1)[0] or type(error).__name__
        if problem is None:
            if waited:
                LOG.info('%s is there', what)
            return result
        if said is None or time.monotonic() - said >= SAY_EVERY:
            said = time.monotonic()
            LOG.warning('Waiting for %s: %s', what, problem)
        waited = True
        stopping.wait(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
    raise Stopped(f'Stopped while waiting for {what}.')
