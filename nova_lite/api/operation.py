# SPDX-License-Identifier: Apache-2.0
"""One operation of the API: a function, with everything that is checked before it runs and how its answer looks.

    @operation(query=schemas.INDEX_QUERY)
    def index(req): ...

    @operation(since=microversions.FLAVOR_DESCRIPTION, body=schemas.UPDATE)
    def update(req, flavor_id): ...

The function takes a `Request` and the parts of the path; what it returns becomes the JSON body (None: an empty one).
"""

import dataclasses
import functools
import typing

import msgspec

from nova_lite.api import errors, microversions
from nova_lite.api.validation import windows

_METHODS_WITH_BODY = ('POST', 'PUT')


@dataclasses.dataclass(frozen=True, eq=False)
class Operation:
    """`since`, `until`: the first and last version that has it; outside it is a 404. The rest are windows."""

    function: typing.Callable
    since: int
    until: int
    status: typing.Any
    body: typing.Any
    query: typing.Any

    def run(self, req, params, content):
        """Check the request and run; returns (status, body). Raises what the checks and the function raise."""
        if not self.since <= req.version <= self.until:
            raise errors.Fault(404)
        schema = _of(self.body, req)
        if schema is not None:
            schema.check_body(content, req.legacy)
        schema = _of(self.query, req)
        if schema is not None:
            req.query = schema.check_query(req.query)
        req.body = content
        result = self.function(req, **params)
        return req.status or self.status[req.version], result


def _of(schemas, req):
    """The schema that rules a request; the legacy root has the first version's where it has none of its own."""
    if req.legacy:
        return schemas[microversions.LEGACY] or schemas[microversions.FIRST]
    return schemas[req.version]


class Actions:
    """The operations behind one `/action` path, by the only key of the body."""

    def __init__(self, operations):
        self.operations = operations

    def pick(self, content):
        """The operation that a body asks for. Raises a 400 Fault."""
        if not isinstance(content, dict) or len(content) != 1:
            raise errors.Fault(400, 'Malformed request body')
        name = next(iter(content))
        found = self.operations.get(name)
        if found is None:
            raise errors.Fault(400, f'There is no such action: {name[:255]}')
        return found


def operation(*, since=microversions.FIRST, until=microversions.LAST, status=200, body=None, query=None):
    """Make an Operation of a function. `status`, `body`, `query`: one value, or `validation.Windows` of them."""
    def decorate(function):
        made = Operation(function, since, until, windows(status), windows(body), windows(query))
        return functools.update_wrapper(_Callable(made), function)
    return decorate


class _Callable:
    """A decorated function: still callable as what it was, with its Operation beside it."""

    def __init__(self, made):
        self.operation = made

    def __call__(self, *args, **kwargs):
        return self.operation.function(*args, **kwargs)


def always(status, since=microversions.FIRST, until=microversions.LAST):
    """An operation that answers `status` whatever is asked: one that is gone, or was never there."""
    def refuse(req, **params):
        raise errors.Fault(status)
    return operation(since=since, until=until)(refuse)


def read_content(http):
    """The JSON of a request, None without any. Raises 400, 413 and 415 Faults."""
    content_type = http.content_type
    if content_type is not None and content_type.partition(';')[0].strip().lower() not in _ACCEPTED:
        raise errors.Fault(415, 'Unsupported Content-Type')
    if http.method not in _METHODS_WITH_BODY or not http.content_length:
        return None
    raw = http.bounded_stream.read(http.content_length)
    try:
        content = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise errors.Fault(400, 'Malformed request body') from error
    if b'\\u0000' in raw and _holds_nul(content):
        raise errors.Fault(400, 'Malformed request body: it holds a NUL character')
    return content


_ACCEPTED = ('', 'application/json', 'application/vnd.openstack.compute+json', 'text/plain')


def _holds_nul(value):
    if isinstance(value, str):
        return '\0' in value
    if isinstance(value, dict):
        return any('\0' in name or _holds_nul(item) for name, item in value.items())
    return isinstance(value, list) and any(_holds_nul(item) for item in value)
