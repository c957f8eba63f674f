# SPDX-License-Identifier: Apache-2.0
"""What every bus promises, whichever carries the messages: RabbitMQ, this process, or a simulation."""

from typing import Protocol


class Serving(Protocol):
    """An endpoint that takes requests, as `Bus.serve` returns it."""

    def wait_ready(self, timeout):
        """Wait `timeout` seconds at most; True once requests arrive here (False while the bus is away)."""

    def drain(self):
        """Take no new request. What runs goes on."""

    def stop(self, timeout=None):
        """Drain, then wait `timeout` seconds for what runs (None: for ever). True if nothing is left."""


class Bus(Protocol):
    """Carries requests to endpoints.

    `topic` names a kind of daemon; with `server` the request goes to that one (a compute host's name), else to any one.
    `context` is who asks; without it, the context bound to the thread, else the service itself.
    """

    def call(self, topic, method, payload, *, server=None, timeout=None, reply=None, context=None):
        """Ask and wait; returns the answer as the Struct type `reply` (None: nothing is expected back).

        `timeout` in seconds, default `rpc_response_timeout`. Raises the kind of `errors.Error` that the endpoint
        raised, and Unavailable if the outcome is unknown: nobody there, no answer in time, no connection, or (its
        subclass RemoteFailure) the endpoint failed in a way that it did not foresee.
        """

    def cast(self, topic, method, payload, *, server=None, context=None):
        """Send and forget. Ends within seconds even if the bus is away: then the message is lost, and logged."""

    def serve(self, topic, server, endpoint, *, threads=None):
        """Let `endpoint` answer requests to `topic`, and to `topic` with this `server`; returns a Serving at once.

        Each public method of `endpoint` is `method(self, context, request: SomeStruct) -> SomeStruct | None`.
        `threads` is the most requests that run at the same time.
        """

    def close(self):
        """Give connections back. Nothing may be sent afterwards."""
