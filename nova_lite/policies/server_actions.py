# SPDX-License-Identifier: Apache-2.0
"""Rules: actions on servers that have rules of their own."""

from nova_lite.policies import base

RESET_STATE = 'os_compute_api:os-admin-actions:reset_state'
CONSOLE_OUTPUT = 'os_compute_api:os-console-output'
FORCE_DELETE = 'os_compute_api:os-deferred-delete:force'
RESTORE = 'os_compute_api:os-deferred-delete:restore'
LOCK = 'os_compute_api:os-lock-server:lock'
UNLOCK = 'os_compute_api:os-lock-server:unlock'
UNLOCK_OVERRIDE = 'os_compute_api:os-lock-server:unlock:unlock_override'

RULES = [
    base.rule(RESET_STATE, base.ADMIN, 'Set the state of a server.',
              'POST /servers/{server_id}/action (os-resetState)'),
    base.rule(CONSOLE_OUTPUT, base.MEMBER, 'Show the console log of a server.',
              'POST /servers/{server_id}/action (os-getConsoleOutput)'),
    base.rule(FORCE_DELETE, base.MEMBER, 'Delete a server at once.',
              'POST /servers/{server_id}/action (forceDelete)', replaces='os_compute_api:os-deferred-delete'),
    base.rule(RESTORE, base.MEMBER, 'Restore a deleted server.',
              'POST /servers/{server_id}/action (restore)', replaces='os_compute_api:os-deferred-delete'),
    base.rule(LOCK, base.MEMBER, 'Lock a server.', 'POST /servers/{server_id}/action (lock)'),
    base.rule(UNLOCK, base.MEMBER, 'Unlock a server.', 'POST /servers/{server_id}/action (unlock)'),
    base.rule(UNLOCK_OVERRIDE, base.ADMIN, 'Unlock a server that somebody else locked, and pass its lock.',
              'POST /servers/{server_id}/action (unlock)'),
]
