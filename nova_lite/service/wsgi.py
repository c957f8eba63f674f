# SPDX-License-Identifier: Apache-2.0
"""A WSGI application on a port, in threads of this process (waitress; `doc/adr/0010`). `prefork` adds the processes."""

import errno
import select
import socket
import threading

from oslo_log import log
from waitress import server as waitress_server
from waitress import wasyncore

from nova_lite import errors
from nova_lite.service import concurrency

LOG = log.getLogger(__name__)

# More requests wait in the kernel, then clients are refused: better than a queue that nobody lives to see the end of.
BACKLOG = 1024
CONNECTIONS = 1000
MAX_BODY_BYTES = 16 * 1024 * 1024


class PortTaken(errors.Conflict):
    """Somebody else listens there."""


def listen(host, port):
    """A listening socket; port 0 takes a free one. Raises PortTaken, and errors.Invalid for an address not ours."""
    family = socket.AF_INET6 if ':' in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        sock.close()
        if getattr(error, 'errno', None) == errno.EADDRINUSE:
            raise PortTaken(f'Port {port} of {host} is taken by another process.') from error
        raise errors.Invalid(f'Cannot listen on {host}, port {port}: {error}') from error
    return sock


class Server:
    """Serves one application on one listening socket; a Component. Safe to start after a fork, not before.

    `threads` requests run at the same time, others wait.
    """

    def __init__(self, application, sock, threads=10):
        self.host, self.port = sock.getsockname()[:2]
        self._application = application
        self._socket = sock
        self._threads = threads
        self._draining = False
        self._map = {}
        self._server = None
        self._thread = None

    def start(self):
        """Begin to accept connections."""
        concurrency.share_sockets()
        self._server = waitress_server.create_server(
            self._application, sockets=[self._socket], map=self._map, threads=self._threads, ident=None,
            clear_untrusted_proxy_headers=False,  # whether a proxy is trusted is for the application to say
            backlog=BACKLOG, connection_limit=CONNECTIONS, max_request_body_size=MAX_BODY_BYTES,
            max_request_header_size=64 * 1024, channel_timeout=120, log_socket_errors=False, asyncore_use_poll=True)
        self._thread = threading.Thread(target=self._loop, name=f'wsgi-{self.port}', daemon=True)
        self._thread.start()
        LOG.info('Listening on %s, port %s', self.host, self.port)

    def drain(self):
        """Accept no new connection; answer what has arrived."""
        if self._server is not None and not self._draining:
            self._draining = True
            self._server.trigger.pull_trigger(self._stop_listening)

    def stop(self, timeout=None):
        """Drain and wait `timeout` seconds at most for the answers. False if some are still missing then."""
        if self._server is None:
            self._socket.close()
            return True
        self.drain()
        self._thread.join(timeout)
        idle = not self._thread.is_alive()
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=0.1 if not idle else 5)
        if idle:
            wasyncore.close_all(self._map)
        return idle

    def _stop_listening(self):
        # What the kernel has accepted for us already must not be reset.
        while select.select([self._server.socket], [], [], 0)[0]:
            before = len(self._map)
            self._server.handle_accept()
            if len(self._map) == before:
                break
        self._server.del_channel(self._map)
        self._server.socket.close()

    def _loop(self):
        while True:
            wasyncore.loop(timeout=30.0 if not self._draining else 0.2, use_poll=True, map=self._map, count=1)
            if self._draining and not self._busy():
                return

    def _busy(self):
        return any(
            channel.requests or channel.request is not None or channel.total_outbufs_len
            or select.select([channel.socket], [], [], 0)[0]
            for channel in list(self._server.active_channels.values())
        )

