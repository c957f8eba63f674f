# SPDX-License-Identifier: Apache-2.0
"""The kinds of error that may cross a folder border.

Subclasses live beside the code that raises them. A kind says what the caller can do about it; only `api` and
`placement` map kinds to status codes. Nothing here knows HTTP, RPC or a database.
"""


class Error(Exception):
    """Base of every error that is ours; `str()` of it is a sentence that may be shown to a user."""

    message = 'An unknown error occurred.'

    def __init__(self, message=None, **details):
        super().__init__(message or self.message)
        self.details = details


class Invalid(Error):
    """The request itself is wrong; the same request will never succeed."""

    message = 'The request is invalid.'


class Forbidden(Error):
    """Policy, quota or ownership refuses the caller."""

    message = 'The request is forbidden.'


class NotFound(Error):
    """The thing named does not exist, or the caller may not know that it does."""

    message = 'The resource could not be found.'


class Conflict(Error):
    """The thing is in a state that does not allow this now."""

    message = 'The resource is in a state that does not allow the request.'


class Unsupported(Error):
    """This deployment, driver or host cannot do it, whatever the state."""

    message = 'The operation is not supported here.'


class Unavailable(Error):
    """A peer did not answer: whether the thing happened is unknown, and asking again is right."""

    message = 'A service that is needed did not answer.'
