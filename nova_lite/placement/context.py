# SPDX-License-Identifier: Apache-2.0
"""Who asks, and what one request carries through the handlers."""

import time
from email.utils import formatdate
from urllib.parse import parse_qsl

import falcon
import msgspec
from oslo_context import context as oslo_context

from nova_lite.placement import errors, validation

_ENCODE = msgspec.json.Encoder().encode
NOW = object()


class RequestContext(oslo_context.RequestContext):
    """The caller: user, project, roles, scope; and the request's id."""


class Call:
    """One request on its way through a handler."""

    __slots__ = ('service', 'req', 'resp', 'version', 'identity', 'path', '_pairs')

    def __init__(self, service, req, resp, path):
        self.service, self.req, self.resp, self.path = service, req, resp, path
        self.version, self.identity = req.context.version, req.context.identity
        self._pairs = None

    def since(self, minor):
        """Whether the request's version is 1.`minor` or later."""
        return self.version.minor >= minor

    @property
    def mount(self):
        """The prefix under which the service is mounted: links begin with it."""
        return self.req.env.get('SCRIPT_NAME', '')

    @property
    def pairs(self):
        """The query as (name, value) pairs. Raises BadRequest for what is not UTF-8."""
        if self._pairs is None:
            try:
                self._pairs = parse_qsl(self.req.env.get('QUERY_STRING', ''), keep_blank_values=True, errors='strict')
            except ValueError as exc:
                raise errors.BadRequest(f'Invalid query string parameters: {exc}') from exc
            if any('\0' in text for pair in self._pairs for text in pair):
                raise errors.BadRequest('Invalid query string parameters: a value contains the character NUL')
        return self._pairs

    def query(self, schema):
        """{name: last value} of a query that fits the schema. Raises BadRequest."""
        params = dict(self.pairs)
        validation.check_query(params, schema)
        return params

    def values(self, name):
        """All values of a parameter, in order."""
        return [value for key, value in self.pairs if key == name]

    def body(self, schema):
        """The data of the request's body. Raises BadRequest."""
        return validation.read_json(self.req.bounded_stream.read(), schema)

    def json(self, data, status=200, modified=NOW):
        """Answer with data; `modified` is in seconds since the epoch, NOW, or None for no such header."""
        self.raw(_ENCODE(data), status, modified)

    def raw(self, body, status=200, modified=NOW):
        """Answer with JSON that is encoded already: bytes, or an iterator of them."""
        resp = self.resp
        resp.status = status
        if isinstance(body, bytes):
            resp.data = body
        else:
            resp.stream = body
        resp.content_type = 'application/json'
        self.modified(modified)

    def modified(self, when=NOW):
        """From 1.15 say when the thing was modified, and that the answer is not to be cached."""
        if self.since(15):
            self.resp.set_header('cache-control', 'no-cache')
            if when is not None:
                self.resp.set_header('last-modified', formatdate(time.time() if when is NOW else when, usegmt=True))

    def empty(self, status=204, location=None):
        """Answer without a body."""
        self.resp.status = status
        if location:
            self.locate(location)

    def locate(self, path):
        """The header `location`, absolute."""
        self.resp.set_header('location', f'{self.req.scheme}://{self.req.netloc}{self.mount}{path}')


def accepts_json(req):
    """Whether the answer may be JSON; a header that cannot be read accepts all."""
    accept = req.env.get('HTTP_ACCEPT')
    if not accept or accept in ('*/*', 'application/json'):
        return True
    try:
        return falcon.mediatypes.quality('application/json', accept) > 0
    except falcon.InvalidMediaRange:
        return True
