# SPDX-License-Identifier: Apache-2.0
"""Structs and errors to plain data and back. The wire format between releases: additive only."""

import msgspec

from nova_lite import errors

_KINDS = {
    kind.__name__: kind
    for kind in (errors.Invalid, errors.Forbidden, errors.NotFound, errors.Conflict, errors.Unsupported,
                 errors.Unavailable)
}


class RemoteFailure(errors.Unavailable):
    """The peer failed in a way it did not foresee. Whether the thing happened is unknown; its log has the cause."""

    message = 'An unexpected error occurred at a peer.'


def encode(payload):
    """Plain data of a Struct (or None)."""
    return msgspec.to_builtins(payload, str_keys=True)


def decode(data, kind):
    """The Struct of type `kind` in plain data; unknown fields are ignored. Raises Unsupported if it does not fit."""
    try:
        return msgspec.convert(data, kind, str_keys=True)
    except msgspec.ValidationError as error:
        # The text of a validation error names the place and the types, never the value.
        raise errors.Unsupported(f'A peer of another release sent what is not understood here: {error}') from error


def encode_error(error):
    """Plain data of an error; of one that is not ours only the class name crosses, as its text may hold secrets."""
    kind = next((base.__name__ for base in type(error).__mro__ if _KINDS.get(base.__name__) is base), None)
    if kind is None and not isinstance(error, errors.Error):
        return {'kind': None, 'name': type(error).__name__, 'message': None, 'details': {}}
    return {
        'kind': kind, 'name': type(error).__name__, 'message': str(error),
        'details': msgspec.to_builtins(error.details, str_keys=True, enc_hook=str),
    }


def decode_error(data):
    """The exception to raise here for an error there. `reason` on it is the name of the class that was raised there."""
    kind = _KINDS.get(data.get('kind'), RemoteFailure)
    name = data.get('name') or 'Error'
    message = data.get('message') or f'{RemoteFailure.message} ({name})'
    error = kind(message, **data.get('details', {}))
    error.reason = name
    return error
