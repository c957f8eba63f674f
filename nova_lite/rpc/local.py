# SPDX-License-Identifier: Apache-2.0
"""A bus inside one process: for nova-all and tests. Payloads cross as plain data, so nothing is shared by accident."""

import itertools
import threading

from oslo_log import log

from nova_lite import context as contexts
from nova_lite import errors
from nova_lite.rpc import codec
from nova_lite.rpc.endpoint import Endpoint, answer

LOG = log.getLogger(__name__)


class LocalBus:
    """Casts run in `executor`; calls run in the caller's own thread, so no timeout applies to them."""

    def __init__(self, executor):
        self._executor = executor
        self._lock = threading.Lock()
        self._servings = {}
        self._turn = itertools.count()

    def call(self, topic, method, payload, *, server=None, timeout=None, reply=None, context=None):
        """See Bus.call."""
        return answer(self._run(topic, server, method, _wire(context), codec.encode(payload)), reply)

    def cast(self, topic, method, payload, *, server=None, context=None):
        """See Bus.cast."""
        self._executor.submit(self._run_cast, topic, server, method, _wire(context), codec.encode(payload))

    def serve(self, topic, server, endpoint, *, threads=None):
        """See Bus.serve. `threads` sets no limit here: the callers' threads do the work."""
        serving = _LocalServing(self, Endpoint(endpoint), (topic, server))
        with self._lock:
            self._servings.setdefault((topic, server), []).append(serving)
        return serving

    def close(self):
        """See Bus.close."""
        with self._lock:
            self._servings.clear()

    def _run(self, topic, server, method, context, data):
        with self._lock:
            found = [
                serving for key, several in self._servings.items() for serving in several
                if key[0] == topic and server in (None, key[1])
            ]
            serving = found[next(self._turn) % len(found)] if found else None
            if serving is not None:
                serving.begin()
        if serving is None:
            raise errors.Unavailable(f'Nobody serves {topic}' + (f' at {server}.' if server else '.'))
        try:
            return serving.endpoint.run(method, context, data)
        finally:
            serving.end()

    def _run_cast(self, *request):
        try:
            self._run(*request)
        except errors.Unavailable as error:
            LOG.warning('The message %s was lost: %s', request[2], error)

    def _remove(self, serving):
        with self._lock:
            several = self._servings.get(serving.key, [])
            if serving in several:
                several.remove(serving)


class _LocalServing:
    def __init__(self, bus, endpoint, key):
        self.endpoint = endpoint
        self.key = key
        self._bus = bus
        self._running = 0
        self._idle = threading.Condition()

    def begin(self):
        with self._idle:
            self._running += 1

    def end(self):
        with self._idle:
            self._running -= 1
            self._idle.notify_all()

    def wait_ready(self, timeout):
        return True

    def drain(self):
        self._bus._remove(self)

    def stop(self, timeout=None):
        self.drain()
        with self._idle:
            return self._idle.wait_for(lambda: self._running == 0, timeout)


def _wire(context):
    return (context or contexts.current() or contexts.admin_context()).to_wire()
