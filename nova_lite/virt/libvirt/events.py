# SPDX-License-Identifier: Apache-2.0
"""Carries libvirt's lifecycle events from its own thread to ours.

libvirt calls back in a native thread that must not touch a green lock. So the callback only writes a datagram to a
socket, and a thread of ours, green or not, reads it.
"""

import functools
import os
import socket
import threading

import libvirt
from oslo_log import log

from nova_lite.service import concurrency
from nova_lite.virt.interfaces import Change

LOG = log.getLogger(__name__)

_CHANGES = {
    libvirt.VIR_DOMAIN_EVENT_UNDEFINED: Change.REMOVED,
    libvirt.VIR_DOMAIN_EVENT_STARTED: Change.STARTED,
    libvirt.VIR_DOMAIN_EVENT_SUSPENDED: Change.PAUSED,
    libvirt.VIR_DOMAIN_EVENT_RESUMED: Change.RESUMED,
    libvirt.VIR_DOMAIN_EVENT_STOPPED: Change.STOPPED,
    libvirt.VIR_DOMAIN_EVENT_CRASHED: Change.STOPPED,
    libvirt.VIR_DOMAIN_EVENT_PMSUSPENDED: Change.PAUSED,
}
_MISSED, _END = b'missed', b'end'


class Events:
    """Calls `tell(uuid, Change)` for each event of the connections that were registered."""

    def __init__(self, tell):
        self._tell = tell
        self._reader, self._writer = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._thread = None

    def start_loop(self):
        """Start libvirt's event loop, once in this process, and our reader. Must precede the first connection."""
        _start_libvirt_loop()
        if self._thread is None:
            self._thread = threading.Thread(target=self._read, name='libvirt-events', daemon=True)
            self._thread.start()

    def register(self, connection):
        """Ask libvirt to tell of the guests of this connection."""
        connection.domainEventRegisterAny(
            None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, self._on_lifecycle, None)

    def missed(self):
        """Tell the watchers that events may have been missed."""
        self._send(_MISSED)

    def close(self):
        """End the reader."""
        self._send(_END)

    def _on_lifecycle(self, _connection, domain, event, _detail, _opaque):
        change = _CHANGES.get(event)
        if change:
            self._send(f'{domain.UUIDString()} {change.value}'.encode())

    def _send(self, datagram):
        # os.write, not a method of the socket: this may be libvirt's own thread, and sockets may be green.
        os.write(self._writer.fileno(), datagram)

    def _read(self):
        while (datagram := self._reader.recv(128)) != _END:
            try:
                if datagram == _MISSED:
                    self._tell(None, Change.RECONNECTED)
                else:
                    uuid, _, word = datagram.decode().partition(' ')
                    self._tell(uuid, Change(word))
            except Exception:  # noqa: BLE001  one failing watcher must not end the events of all guests
                LOG.exception('an event of a guest could not be handled')


@functools.cache
def _start_libvirt_loop():
    """libvirt's loop is one per process, so this is the one thing here that is global."""
    libvirt.registerErrorHandler(lambda _context, _error: None, None)
    libvirt.virEventRegisterDefaultImpl()
    concurrency.native_thread(_loop, 'libvirt-loop')


def _loop():
    while True:
        libvirt.virEventRunDefaultImpl()
