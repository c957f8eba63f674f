# SPDX-License-Identifier: Apache-2.0
"""Actions on a server: start, stop, reboot, force delete, lock, unlock, reset state."""

from nova_lite import errors, states
from nova_lite.api import microversions
from nova_lite.api.handlers.server_find import find
from nova_lite.api.operation import operation
from nova_lite.api.schemas import server_actions as schemas
from nova_lite.operations import at_once
from nova_lite.operations.ask import ask
from nova_lite.policies import server_actions as action_rules
from nova_lite.policies import servers as rules


@operation(body=schemas.START, status=202)
def start(req, server_id):
    """POST /servers/{server_id}/action os-start"""
    _ask(req, server_id, rules.START, 'start')


@operation(body=schemas.STOP, status=202)
def stop(req, server_id):
    """POST /servers/{server_id}/action os-stop"""
    _ask(req, server_id, rules.STOP, 'stop')


@operation(body=schemas.REBOOT, status=202)
def reboot(req, server_id):
    """POST /servers/{server_id}/action reboot"""
    _ask(req, server_id, rules.REBOOT, 'reboot_hard' if req.body['reboot']['type'].upper() == 'HARD' else 'reboot')


@operation(body=schemas.FORCE_DELETE, status=202)
def force_delete(req, server_id):
    """POST /servers/{server_id}/action forceDelete"""
    _ask(req, server_id, action_rules.FORCE_DELETE, 'force_delete')


@operation(body=schemas.LOCK, status=202)
def lock(req, server_id):
    """POST /servers/{server_id}/action lock"""
    found = find(req, server_id)
    req.authorize(action_rules.LOCK, found.target)
    reason = None
    if req.version >= microversions.LOCK_REASON and req.body['lock'] is not None:
        reason = req.body['lock'].get('locked_reason')
    by = 'owner' if found.row.project_id == req.context.project_id else 'admin'
    _at_once(req, found, at_once.lock, by=by, reason=reason)


@operation(body=schemas.UNLOCK, status=202)
def unlock(req, server_id):
    """POST /servers/{server_id}/action unlock"""
    found = find(req, server_id)
    req.authorize(action_rules.UNLOCK, found.target)
    mine = 'owner' if found.row.project_id == req.context.project_id else 'admin'
    if found.row.locked_by not in (None, mine):
        req.authorize(action_rules.UNLOCK_OVERRIDE, found.target)
    _at_once(req, found, at_once.unlock)


@operation(body=schemas.RESET_STATE, status=202)
def reset_state(req, server_id):
    """POST /servers/{server_id}/action os-resetState"""
    found = find(req, server_id)
    req.authorize(action_rules.RESET_STATE, found.target)
    wanted = {'active': states.ACTIVE, 'error': states.ERROR}[req.body['os-resetState']['state']]
    _at_once(req, found, at_once.reset_state, wanted)


class ActionNotHere(errors.Unsupported):
    """An action of the API that has no part in this deployment."""

    def __init__(self, action):
        super().__init__(f'The action {action} is not supported by this deployment.')


# Actions that Nova has and that have no part here: (first, last version). Known, so that a client learns that it is
# not its own mistake.
_NOT_HERE = {
    **dict.fromkeys((
        'addSecurityGroup', 'changePassword', 'confirmResize', 'createBackup', 'createImage', 'evacuate',
        'injectNetworkInfo', 'migrate', 'os-migrateLive', 'pause', 'rebuild', 'removeSecurityGroup', 'rescue', 'resize',
        'restore', 'resume', 'revertResize', 'shelve', 'shelveOffload', 'suspend', 'unpause', 'unrescue', 'unshelve',
    ), (microversions.FIRST, microversions.LAST)),
    'trigger_crash_dump': (microversions.CRASH_DUMP, microversions.LAST),
    **dict.fromkeys(('addFixedIp', 'addFloatingIp', 'removeFixedIp', 'removeFloatingIp'),
                    (microversions.FIRST, microversions.NETWORK_ACTIONS_GONE - 1)),
    **dict.fromkeys(('os-getRDPConsole', 'os-getSPICEConsole', 'os-getSerialConsole', 'os-getVNCConsole'),
                    (microversions.FIRST, microversions.REMOTE_CONSOLES - 1)),
}


def _not_here(name, since, until):
    @operation(since=since, until=until)
    def refuse(req, server_id):
        raise ActionNotHere(name)
    return refuse


NOT_HERE = {name: _not_here(name, *versions) for name, versions in _NOT_HERE.items()}


def _ask(req, server_id, rule, name):
    found = find(req, server_id)
    req.authorize(rule, found.target)
    ask(req.deps, found.cell, name, server_id, req.context)


def _at_once(req, found, function, *args, **kwargs):
    req.cells.get(found.cell).transact(
        function, found.row.uuid, *args, context=req.context, now=req.deps.clock.now(), **kwargs)
