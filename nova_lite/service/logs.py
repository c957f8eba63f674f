# SPDX-License-Identifier: Apache-2.0
"""Logging through oslo.log, with a last look at every line for secrets."""

import logging
import re
import threading

from oslo_log import log

LOG = log.getLogger(__name__)

# Fernet and JWS tokens; passwords in URLs; values that follow a telling name in a header, a dict or JSON.
_SECRETS = re.compile(
    r'(?P<token>\bgAAAA[\w-]{20,}=*|\bey[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,})'
    r'|(?P<before>://[^/\s:@]+:)[^/\s@]+(?=@)'
    r'''|(?P<name>(?:x-auth-token|x-service-token|x-subject-token|auth_token|admin_?pass|password|user_data)'''
    r'''["']?\s*[:=]\s*["']?)(?!None\b|null\b)[^\s"',}]+''',
    re.IGNORECASE,
)


class MaskingFormatter(logging.Formatter):
    """Formats with another formatter, then hides what looks like a secret. Tracebacks are covered too."""

    def __init__(self, inner):
        super().__init__()
        self._inner = inner

    def format(self, record):
        """The line to write."""
        return mask(self._inner.format(record))


def setup(conf, name):
    """Set up logging for this process as `conf` says; `name` is the program's. What ends a thread is logged too."""
    log.setup(conf, name)
    threading.excepthook = _log_thread_error
    for handler in logging.getLogger().handlers:
        if not isinstance(handler.formatter, MaskingFormatter):
            handler.setFormatter(MaskingFormatter(handler.formatter or logging.Formatter()))


def _log_thread_error(problem):
    if problem.exc_type is not SystemExit:
        name = problem.thread.name if problem.thread else 'a thread'
        LOG.critical('%s ended with an error', name,
                     exc_info=(problem.exc_type, problem.exc_value, problem.exc_traceback))


def mask(text):
    """`text` with `***` in place of what looks like a token or a password."""
    return _SECRETS.sub(lambda match: (match['before'] or match['name'] or '') + '***', text)
