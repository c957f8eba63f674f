# SPDX-License-Identifier: Apache-2.0
"""An endpoint's methods as a table, and one request run through it. Every bus answers through this."""

import inspect
import types
import typing

from oslo_log import log

from nova_lite import context as contexts
from nova_lite import errors
from nova_lite.rpc import codec

LOG = log.getLogger(__name__)


class Endpoint:
    """The public methods of a target object, with the types of their request and reply taken from the annotations.

    Raises TypeError for a public method without them: a mistake in the program, found at start.
    """

    def __init__(self, target):
        self._methods = {
            name: (method, *_types_of(method))
            for name, method in inspect.getmembers(target, inspect.ismethod) if not name.startswith('_')
        }

    def __contains__(self, name):
        return name in self._methods

    def run(self, name, wire_context, data):
        """Run one request; returns the answer as plain data: `{'ok': reply}` or `{'error': ...}`. Never raises."""
        context = contexts.RequestContext.from_wire(wire_context)
        with contexts.bound(context):
            try:
                if name not in self._methods:
                    raise errors.Unsupported(f'This release does not know the message {name}.')
                method, request_type, _reply_type = self._methods[name]
                return {'ok': codec.encode(method(context, codec.decode(data, request_type)))}
            except errors.Error as error:
                LOG.debug('%s was answered with %s: %s', name, type(error).__name__, error)
                return {'error': codec.encode_error(error)}
            except Exception as error:  # noqa: BLE001  the border of the process: the peer must get an answer
                LOG.exception('%s failed', name)
                return {'error': codec.encode_error(error)}


def answer(data, reply):
    """The Struct in what `Endpoint.run` returned, or the error in it raised."""
    if 'error' in data:
        raise codec.decode_error(data['error'])
    try:
        return None if reply is None else codec.decode(data.get('ok'), reply)
    except errors.Unsupported as error:
        # It was done; only what came of it is not understood. That is no refusal.
        raise codec.RemoteFailure(str(error)) from error


def _types_of(method):
    hints = typing.get_type_hints(method)
    names = list(inspect.signature(method).parameters)
    if len(names) != 2 or names[1] not in hints or 'return' not in hints:
        raise TypeError(f'{method.__qualname__} must be (self, context, request: Struct) -> Struct | None')
    return hints[names[1]], hints['return'] if hints['return'] is not types.NoneType else None
