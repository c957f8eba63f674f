# SPDX-License-Identifier: Apache-2.0
"""What a handler is given: who asks, at which microversion, with which checked body and query."""

import urllib.parse

from nova_lite import errors
from nova_lite.api import links


class Request:
    """One request, after authentication, negotiation and validation.

    `version`: an int (`microversions`); `legacy`: it came to /v2; `body`: the checked JSON, None without one; `query`:
    name -> list of values, only what the schema knows; `project_in_url`: as the path has it, or None. A handler that
    answers another status than its operation's sets `status`; `response_headers` go out as they are.
    """

    __slots__ = ('http', 'deps', 'context', 'version', 'legacy', 'body', 'query', 'project_in_url', 'status',
                 'response_headers', '_links')

    def __init__(self, http, deps, context, version, legacy, project_in_url):
        self.http = http
        self.deps = deps
        self.context = context
        self.version = version
        self.legacy = legacy
        self.project_in_url = project_in_url
        self.body = None
        self.query = {}
        self.status = None
        self.response_headers = {}
        self._links = None

    @property
    def conf(self):
        return self.deps.conf

    @property
    def cells(self):
        return self.deps.cells

    @property
    def links(self):
        """The `links.Links` that answers to this request use."""
        if self._links is None:
            self._links = links.Links(self)
        return self._links

    def param(self, name, default=None):
        """The value of a query parameter; of several the last counts."""
        values = self.query.get(name)
        return values[-1] if values else default

    def authorize(self, rule, target=None):
        """Raise Forbidden unless the asker may do `rule` to `target`: by default what is the asker's own."""
        self.deps.policy.authorize(self.context, rule, target)

    def allows(self, rule, target=None):
        """Whether the asker may do `rule` to `target`: for fields that policy hides."""
        return self.deps.policy.allows(self.context, rule, target)


def parse_query(text):
    """name -> list of values of a query string. Raises Invalid for what is not UTF-8 or holds a NUL."""
    if not text:
        return {}
    try:
        pairs = urllib.parse.parse_qsl(text, keep_blank_values=True, errors='strict')
    except UnicodeDecodeError as error:
        raise errors.Invalid('Query string is not UTF-8 encoded') from error
    except ValueError as error:
        raise errors.Invalid('The query string has too many fields.') from error
    found = {}
    for name, value in pairs:
        if '\0' in name or '\0' in value:
            raise errors.Invalid('Query string holds a NUL character')
        found.setdefault(name, []).append(value)
    return found
