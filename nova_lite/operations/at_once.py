# SPDX-License-Identifier: Apache-2.0
"""What is done to a server within the request, without a workflow: locks, metadata, tags, its names, its state.

Each function is one cell transaction's work. The guards are Nova's; a row that passes is locked until the commit.
"""

from nova_lite import states
from nova_lite.db import orders, servers
from nova_lite.operations import begin, catalog, server_quota

ANY = None
IDLE = (None,)
_DELETES = ('delete', 'force_delete')
STEADY = (states.ACTIVE, states.PAUSED, states.SUSPENDED, states.STOPPED)


def lock(tx, uuid, *, by, reason, context, now):
    """Lock a server as 'owner' or 'admin'. An owner's lock on one that is locked changes nothing."""
    values = {'locked_by': by} | ({'locked_reason': reason} if reason else {})
    if servers.change(tx, uuid, vm_states=ANY, task_states=ANY, locked_ok=by == 'admin', now=now, **values):
        begin.record(tx, 'lock', uuid, context=context, now=now)


def unlock(tx, uuid, *, context, now):
    """Take the lock off, whoever made it."""
    if servers.change(tx, uuid, vm_states=ANY, task_states=ANY, locked_ok=True, now=now, locked_by=None,
                      locked_reason=None):
        begin.record(tx, 'unlock', uuid, context=context, now=now)


def reset_state(tx, uuid, vm_state, *, context, now):
    """Call a server `vm_state` and idle. Whatever was under way is superseded, and hosts no longer obey it.

    A delete that was accepted goes on all the same. Raises ServerNotFound.
    """
    if not servers.change(tx, uuid, vm_states=ANY, task_states=ANY, locked_ok=True, now=now, vm_state=vm_state):
        raise begin.ServerNotFound(uuid)
    # The row is locked from here on: no delete can begin between this look and the commit.
    if not any(order.operation in _DELETES for order in orders.unfinished_of_server(tx, uuid)):
        servers.swap_states(tx, uuid, vm_states=ANY, task_states=ANY, locked_ok=True, now=now, task_state=None)
        orders.supersede(tx, uuid, 'Superseded by resetState', now)
    begin.record(tx, 'resetState', uuid, context=context, now=now)


def change_metadata(tx, uuid, values, *, replace, limits, context, now):
    """Add metadata items to a server's, or `replace` them all; what it has then.

    Raises ServerNotFound, ServerLocked, InvalidState, QuotaExceeded.
    """
    _guarded(tx, uuid, 'update metadata', context, now)
    found = dict(values) if replace else servers.metadata(tx, [uuid])[uuid] | values
    server_quota.check_metadata(len(found), limits)
    servers.replace_metadata(tx, uuid, found)
    return found


def delete_metadata(tx, uuid, key, *, context, now):
    """Remove one metadata item; False if there is none such. Raises as `change_metadata`."""
    left = servers.metadata(tx, [uuid])[uuid]
    if key not in left:
        return False
    _guarded(tx, uuid, 'delete metadata', context, now)
    servers.delete_metadata(tx, uuid, key)
    return True


def change_tags(tx, uuid, verb, now):
    """Make sure that a server's tags may be changed, which locks do not forbid. Raises ServerNotFound, InvalidState."""
    _checked(tx, uuid, verb, now, vm_states=STEADY, task_states=ANY, locked_ok=True)


def update(tx, uuid, now, **values):
    """Change what a server is called and shown as, in any state. Raises ServerNotFound."""
    _checked(tx, uuid, 'update', now, vm_states=ANY, task_states=ANY, locked_ok=True, **values)


def _guarded(tx, uuid, verb, context, now):
    _checked(tx, uuid, verb, now, vm_states=STEADY, task_states=IDLE, locked_ok=bool(context.is_admin))


def _checked(tx, uuid, verb, now, *, vm_states, task_states, locked_ok, **values):
    """Change the row if the guard holds, else raise what it says."""
    guard = {'vm_states': vm_states, 'task_states': task_states, 'locked_ok': locked_ok}
    if servers.change(tx, uuid, now=now, **guard, **values):
        return
    operation = catalog.Operation(verb, verb, verb, catalog.EXCLUSIVE, vm_states, task_states, None, dict,
                                  must_have_launched=False)
    begin.check(operation, servers.get(tx, uuid), uuid, locked_ok)
    # The state was another one a moment ago: as good as gone.
    raise begin.InvalidState(uuid, verb, 'task_state', 'changing')
