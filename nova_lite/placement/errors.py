# SPDX-License-Identifier: Apache-2.0
"""Refusals of the Placement API: their status, their `code`, and whether the answer carries `vary`.

Every other module raises these and knows no HTTP document; `documents.py` writes them.
"""

from nova_lite import errors

UNDEFINED = 'placement.undefined_code'
CONCURRENT_UPDATE = 'placement.concurrent_update'
DUPLICATE_NAME = 'placement.duplicate_name'
INVENTORY_INUSE = 'placement.inventory.inuse'
PROVIDER_INUSE = 'placement.resource_provider.inuse'
PROVIDER_CANNOT_DELETE_PARENT = 'placement.resource_provider.cannot_delete_parent'
PROVIDER_NOT_FOUND = 'placement.resource_provider.not_found'
QUERY_DUPLICATE_KEY = 'placement.query.duplicate_key'
QUERY_BAD_VALUE = 'placement.query.bad_value'
QUERY_MISSING_VALUE = 'placement.query.missing_value'


class Refusal(Exception):
    """What every refusal has: a status, a code for clients and whether the answer varies by version."""

    status = 400
    code = UNDEFINED
    vary = True

    def __init__(self, message=None, code=None, **details):
        super().__init__(message, **details)
        if message == '':
            # Some refusals say nothing beyond their status.
            self.args = ('',)
        if code:
            self.code = code


class BadRequest(Refusal, errors.Invalid):
    status = 400


class ContentTypeMissing(BadRequest):
    """A body without a content type is refused before a resource is chosen, hence without `vary`."""

    vary = False


class Forbidden(Refusal, errors.Forbidden):
    status = 403
    vary = False


class NotFound(Refusal, errors.NotFound):
    status = 404


class NothingThere(NotFound):
    """An unknown path, or a missing noun that the operation did not look for by itself: the answer has no `vary`."""

    vary = False


class MethodNotAllowed(Refusal, errors.Invalid):
    status = 405

    def __init__(self, allowed, message='The method specified is not allowed for this resource.'):
        super().__init__(message)
        self.allowed = allowed


class NotAcceptable(Refusal, errors.Invalid):
    status = 406


class Conflict(Refusal, errors.Conflict):
    status = 409


class ConcurrentUpdate(Conflict):
    code = CONCURRENT_UPDATE


class UnsupportedMediaType(Refusal, errors.Invalid):
    status = 415


class Unavailable(Refusal, errors.Unavailable):
    status = 503
