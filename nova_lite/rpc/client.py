# SPDX-License-Identifier: Apache-2.0
"""The base of the typed clients: one class per daemon, one method of two or three lines per message."""


class Client:
    """Sends to one topic. A subclass sets `topic`; its methods name the messages:

        def select(self, wish, context=None):
            return self._call('select', wish, reply=scheduling.Selection, context=context)
    """

    topic = None

    def __init__(self, bus):
        self._bus = bus

    def _call(self, method, payload, *, server=None, timeout=None, reply=None, context=None):
        return self._bus.call(
            self.topic, method, payload, server=server, timeout=timeout, reply=reply, context=context)

    def _cast(self, method, payload, *, server=None, context=None):
        self._bus.cast(self.topic, method, payload, server=server, context=context)
