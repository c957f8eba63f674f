# SPDX-License-Identifier: Apache-2.0
"""An error's kind -> Nova's fault document. The only place that knows which status a kind has.

Handlers and what they call raise `nova_lite.errors`; only a status that no kind stands for is raised as a `Fault`.
"""

from nova_lite import errors

_NAMES = {400: 'badRequest', 401: 'unauthorized', 403: 'forbidden', 404: 'itemNotFound', 405: 'badMethod',
          409: 'conflictingRequest', 413: 'overLimit', 415: 'badMediaType', 429: 'overLimit', 501: 'notImplemented',
          503: 'serviceUnavailable'}
_OTHER = 'computeFault'

_KINDS = ((errors.Invalid, 400), (errors.Forbidden, 403), (errors.NotFound, 404), (errors.Conflict, 409),
          (errors.Unsupported, 501), (errors.Unavailable, 503))

# What webob says in Nova where nobody gave a reason.
_DEFAULT_MESSAGES = {400: 'The server could not comply with the request.', 404: 'The resource could not be found.',
                     410: 'This resource is no longer available. No forwarding address is given.'}
_UNEXPECTED = 'Unexpected API Error. The log of nova-api has the cause, under the request id of this answer.'


class Fault(errors.Error):
    """An answer with `status`. `echo`: the version to show in the headers where it is not the negotiated one."""

    echo = None

    def __init__(self, status, message=None):
        super().__init__(message or _DEFAULT_MESSAGES.get(status))
        self.status = status


def status_of(error):
    """The status of an error; 500 for one that nobody foresaw."""
    if isinstance(error, Fault):
        return error.status
    return next((status for kind, status in _KINDS if isinstance(error, kind)), 500)


def document(status, message):
    """The fault document: `{'itemNotFound': {'code': 404, 'message': ...}}`."""
    return {_NAMES.get(status, _OTHER): {'code': status, 'message': message}}


def answer(error):
    """(status, document) of any exception. What nobody foresaw shows nothing of itself: it may hold secrets."""
    status = status_of(error)
    return status, document(status, _UNEXPECTED if status == 500 and not isinstance(error, Fault) else str(error))
