# SPDX-License-Identifier: Apache-2.0
"""One connection to libvirt that comes back by itself, and the events that arrive on it.

A call that finds the connection broken raises HypervisorUnavailable: whether it did its work is unknown.
"""

import contextlib
import threading

import libvirt
from oslo_log import log

from nova_lite import errors
from nova_lite.service import concurrency
from nova_lite.virt.libvirt import events

LOG = log.getLogger(__name__)

CHECK_INTERVAL = 5.0
# libvirt closes a connection whose peer does not answer so many keep-alive probes, so many seconds apart.
_KEEPALIVE = (5, 5)
_BROKEN_CODES = {libvirt.VIR_ERR_SYSTEM_ERROR, libvirt.VIR_ERR_INTERNAL_ERROR, libvirt.VIR_ERR_NO_CONNECT,
                 libvirt.VIR_ERR_INVALID_CONN, libvirt.VIR_ERR_RPC}
_BROKEN_DOMAINS = {libvirt.VIR_FROM_REMOTE, libvirt.VIR_FROM_RPC}


class HypervisorUnavailable(errors.Unavailable):
    """libvirt does not answer."""

    message = 'The hypervisor does not answer.'


class Connection:
    """Runs functions on a live `virConnect`. Safe to use from several threads.

    A function that is run must do nothing but call libvirt: with green threads it is in a native one meanwhile.
    """

    def __init__(self, uri, executor):
        self._uri = uri
        self._lock = threading.Lock()
        self._connection = None
        self._watchers = []
        self._was_open = False
        self._events = events.Events(self._tell)
        self._checking = executor.every(CHECK_INTERVAL, self._check, first=CHECK_INTERVAL)

    def run(self, function, *arguments):
        """The result of `function(connection, *arguments)`.

        Raises HypervisorUnavailable if libvirt went away, and libvirtError for what libvirt answers.
        """
        connection = self._open()
        try:
            return concurrency.tpool(function, connection, *arguments)
        except libvirt.libvirtError as error:
            if _is_broken(error):
                self._drop(connection)
                raise HypervisorUnavailable(f'The hypervisor does not answer: {error}') from error
            raise

    def watch(self, callback):
        """Call `callback(uuid, Change)` at every change; `(None, RECONNECTED)` when changes may have been missed."""
        self._watchers.append(callback)

    def close(self):
        """Let go of libvirt for good."""
        self._checking.cancel()
        with self._lock:
            connection, self._connection = self._connection, None
        self._events.close()
        if connection:
            concurrency.tpool(_close, connection)

    def _open(self):
        with self._lock:
            if self._connection is None:
                self._events.start_loop()
                try:
                    self._connection = concurrency.tpool(self._connect)
                except libvirt.libvirtError as error:
                    raise HypervisorUnavailable(f'The hypervisor at {self._uri} does not answer: {error}') from error
                again, self._was_open = self._was_open, True
                LOG.info('%s to %s', 'Connected again' if again else 'Connected', self._uri)
                if again:
                    self._events.missed()
            return self._connection

    def _connect(self):
        connection = libvirt.open(self._uri)
        connection.setKeepAlive(*_KEEPALIVE)
        self._events.register(connection)
        return connection

    def _drop(self, connection):
        with self._lock:
            if self._connection is not connection:
                return
            self._connection = None
        LOG.warning('The connection to %s is lost', self._uri)
        concurrency.tpool(_close, connection)

    def _check(self):
        """Notice a lost connection although nobody asks for anything, so that events arrive again."""
        if not self._was_open:
            return
        try:
            self.run(lambda connection: connection.getLibVersion())
        except HypervisorUnavailable as error:
            LOG.warning('%s', error)

    def _tell(self, uuid, change):
        for callback in self._watchers:
            callback(uuid, change)


def _is_broken(error):
    return error.get_error_code() in _BROKEN_CODES and error.get_error_domain() in _BROKEN_DOMAINS


def _close(connection):
    # A connection that is broken says so again when it is closed; all that matters is that it is freed.
    with contextlib.suppress(libvirt.libvirtError):
        connection.close()
