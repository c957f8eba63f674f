# SPDX-License-Identifier: Apache-2.0
"""The bus over oslo.messaging: RabbitMQ, or `fake://` in tests.

One transport sends and another serves. oslo.messaging lets a server's reply wait for the broker without end, holding
its connection; a connection shared with senders would make them wait too.
"""

import threading
import time

import amqp.exceptions
import kombu.exceptions
import oslo_messaging
from oslo_log import log
from oslo_messaging import opts as messaging_opts
from oslo_utils import importutils

from nova_lite import context as contexts
from nova_lite import errors
from nova_lite.rpc import codec
from nova_lite.rpc.endpoint import Endpoint, answer

LOG = log.getLogger(__name__)

# A message that cannot be sent at once is tried once more: enough for a connection that died while idle.
SEND_RETRIES = 1
# A cast may take this long, in seconds, while the broker was never reached.
CAST_PATIENCE = 2.0
# Some ways to fail pass through oslo.messaging as its libraries raise them.
_BUS_TROUBLE = (
    oslo_messaging.MessagingException, oslo_messaging.MessageUndeliverable, kombu.exceptions.KombuError,
    amqp.exceptions.AMQPError, OSError,
)
# For so long, in seconds, a broker that was found away counts as away.
AWAY_SECONDS = 2.0
SAY_AFTER = 2.0
_NOBODY = 'nova_lite_nobody'
_DEFAULTS = {
    'oslo_messaging_rabbit': {
        'heartbeat_timeout_threshold': 30,
        'kombu_reconnect_delay': 0.2,
        'kombu_missing_consumer_retry_timeout': 15,
        'rabbit_retry_backoff': 1,
        'rabbit_interval_max': 3,
    },
    None: {'control_exchange': 'nova'},
}


class OsloBus:
    """A Bus over oslo.messaging. Connects at first use, so that it may be made before a fork."""

    def __init__(self, conf, transport_url=None):
        self._conf = conf
        self._url = transport_url
        self._lock = threading.Lock()
        self._sender = None
        self._server_transport = None
        _set_defaults(conf)

    def call(self, topic, method, payload, *, server=None, timeout=None, reply=None, context=None):
        """See Bus.call."""
        timeout = self._conf.rpc_response_timeout if timeout is None else timeout
        deadline = time.monotonic() + timeout
        data = codec.encode(payload)
        sender = self._sender_now()
        if sender.is_away() or not sender.wait_ready(timeout):
            raise errors.Unavailable(f'The message bus is away; {method} was not sent to {topic}.')
        target = sender.client.prepare(
            topic=topic, server=server, timeout=max(0.1, deadline - time.monotonic()), retry=SEND_RETRIES,
            transport_options=sender.options)
        try:
            result = target.call(_wire(context), method, data=data)
        except _BUS_TROUBLE as error:
            sender.note(error)
            where = f'{topic} at {server}' if server else topic
            raise errors.Unavailable(f'{where} did not answer {method}: {_say(error)}') from error
        return answer(result, reply)

    def cast(self, topic, method, payload, *, server=None, context=None):
        """See Bus.cast."""
        data = codec.encode(payload)
        sender = self._sender_now()
        if sender.is_away() or not sender.wait_ready(CAST_PATIENCE):
            LOG.warning('The message %s to %s was lost: the message bus is away', method, topic)
            return
        target = sender.client.prepare(
            topic=topic, server=server, retry=SEND_RETRIES, transport_options=sender.options)
        try:
            target.cast(_wire(context), method, data=data)
        except _BUS_TROUBLE as error:
            sender.note(error)
            LOG.warning('The message %s to %s was lost: %s', method, topic, _say(error))

    def serve(self, topic, server, endpoint, *, threads=None):
        """See Bus.serve. While the broker is away a thread waits for it, and says so."""
        with self._lock:
            if self._server_transport is None:
                self._server_transport = oslo_messaging.get_rpc_transport(self._conf, url=self._url)
        return _OsloServing(self._server_transport, topic, server, Endpoint(endpoint), threads)

    def close(self):
        """See Bus.close."""
        with self._lock:
            sender, self._sender = self._sender, None
            transport, self._server_transport = self._server_transport, None
        if sender is not None:
            sender.close()
        if transport is not None:
            transport.cleanup()

    def _sender_now(self):
        with self._lock:
            if self._sender is None:
                self._sender = _Sender(self._conf, self._url)
            return self._sender


class _Sender:
    """The sending transport. A thread makes its reply queue: oslo.messaging waits for the broker without end there."""

    def __init__(self, conf, url):
        self._transport = oslo_messaging.get_rpc_transport(conf, url=url)
        self.client = oslo_messaging.get_rpc_client(self._transport, oslo_messaging.Target())
        self._ready = threading.Event()
        self._closed = False
        self._away_until = 0.0
        in_memory = oslo_messaging.TransportURL.parse(conf, url).transport == 'fake'
        # Asking RabbitMQ to return what nobody can get turns "no such host" into an answer instead of a time-out.
        self.options = None if in_memory else oslo_messaging.TransportOptions(at_least_once=True)
        if in_memory:
            self._ready.set()
        else:
            threading.Thread(target=self._connect, name='rpc-connect', daemon=True).start()

    def wait_ready(self, timeout):
        if self._ready.is_set() or self._ready.wait(timeout):
            return True
        self._away_until = time.monotonic() + AWAY_SECONDS
        return False

    def is_away(self):
        """Whether somebody has just found the broker away: then nobody else spends seconds on finding it too."""
        return time.monotonic() < self._away_until

    def note(self, error):
        if not isinstance(error, (oslo_messaging.MessagingTimeout, oslo_messaging.MessageUndeliverable)):
            self._away_until = time.monotonic() + AWAY_SECONDS

    def close(self):
        self._closed = True
        if self._ready.is_set():
            self._transport.cleanup()

    def _connect(self):
        target = self.client.prepare(topic=_NOBODY, timeout=5, retry=0, transport_options=self.options)
        while not self._closed:
            try:
                target.call({}, 'connect')
            except oslo_messaging.MessageUndeliverable:
                self._ready.set()
                return
            except _BUS_TROUBLE as error:
                LOG.warning('Waiting for the message bus: %s', _say(error))
                time.sleep(1)


class _OsloServing:
    def __init__(self, transport, topic, server, endpoint, threads):
        target = oslo_messaging.Target(topic=topic, server=server)
        self._name = f'{topic} at {server}'
        self._server = oslo_messaging.get_rpc_server(transport, target, [_Adapter(endpoint)])
        self._threads = threads
        self._lock = threading.Lock()
        self._ready = threading.Event()
        self._draining = False
        threading.Thread(target=self._start, name=f'rpc-serve-{topic}', daemon=True).start()

    def wait_ready(self, timeout):
        return self._ready.wait(timeout)

    def drain(self):
        with self._lock:
            first, self._draining = not self._draining, True
            started = self._ready.is_set()
        if first and started:
            self._server.stop()

    def stop(self, timeout=None):
        self.drain()
        if not self._ready.is_set():
            return True
        # oslo.messaging's own wait has no limit.
        waiter = threading.Thread(target=self._server.wait, name='rpc-drain', daemon=True)
        waiter.start()
        waiter.join(timeout)
        return not waiter.is_alive()

    def _start(self):
        # oslo.messaging tells of each failed connection, not of what is missing meanwhile.
        patience = threading.Timer(SAY_AFTER, self._say_waiting)
        patience.daemon = True
        patience.start()
        self._server.start(override_pool_size=self._threads)
        patience.cancel()
        with self._lock:
            self._ready.set()
            late = self._draining
        if late:
            self._server.stop()
        else:
            LOG.info('Serving %s', self._name)

    def _say_waiting(self):
        if not self._draining:
            LOG.warning('Waiting for the message bus to serve %s', self._name)


class _Adapter:
    """What oslo.messaging's dispatcher wants: an object with a method per message."""

    target = oslo_messaging.Target()
    oslo_rpc_server_ping = None

    def __init__(self, endpoint):
        self._endpoint = endpoint

    def __getattr__(self, name):
        if name.startswith('_'):
            raise AttributeError(name)
        return lambda wire_context, data=None: self._endpoint.run(name, wire_context, data)


def _set_defaults(conf):
    """Our defaults for the broker, below what nova.conf says. `doc/adr/0011` gives the reasons."""
    for group, options in messaging_opts.list_opts():
        if group in _DEFAULTS:
            conf.register_opts(options, group=group)
    # Some releases register these on oslo.config's global object only, but read them from the one they are given.
    for name in ('tracing', 'metrics'):
        module = importutils.try_import(f'oslo_messaging._{name}.client')
        options = getattr(module, f'oslo_messaging_{name}', None)
        if options is not None:
            conf.register_opts(options, group=f'oslo_messaging_{name}')
    for group, values in _DEFAULTS.items():
        for name, value in values.items():
            conf.set_default(name, value, group=group)


def _wire(context):
    return (context or contexts.current() or contexts.admin_context()).to_wire()


def _say(error):
    if isinstance(error, oslo_messaging.MessageUndeliverable):
        return 'nobody listens there'
    return str(error).split('\n', 1)[0]
