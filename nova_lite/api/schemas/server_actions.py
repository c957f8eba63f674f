# SPDX-License-Identifier: Apache-2.0
"""Schemas of the actions on a server, by the key of the body."""

from nova_lite.api.schemas import server_parts as parts
from nova_lite.api.schemas import types
from nova_lite.api.validation import schemas

START = parts.action('os-start')
STOP = parts.action('os-stop')
FORCE_DELETE = parts.action('forceDelete')
REBOOT = parts.action('reboot', types.closed(
    {'type': {'type': 'string', 'enum': ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']}}, 'type'))
RESET_STATE = parts.action('os-resetState', types.closed(
    {'state': {'type': 'string', 'enum': ['active', 'error']}}, 'state'))
CONSOLE_OUTPUT = parts.action('os-getConsoleOutput', types.closed(
    {'length': {'type': ['integer', 'string', 'null'], 'pattern': '^-?[0-9]+$', 'minimum': -1}}))
LOCK = schemas(
    (None, '2.72', types.closed({'lock': {}}, 'lock')),
    ('2.73', None, types.closed({'lock': types.closed(
        {'locked_reason': {'type': 'string', 'minLength': 1, 'maxLength': 255}}) | {'type': ['object', 'null']}},
        'lock')))
UNLOCK = schemas((None, '2.72', types.closed({'unlock': {}}, 'unlock')))
