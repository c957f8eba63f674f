# SPDX-License-Identifier: Apache-2.0
"""How an operation begins: guard, task_state and order in one transaction. Whoever calls it commits, then casts.

The guard is a compare-and-swap on the server's row, so two requests at once cannot both pass it.
"""

import msgspec

from nova_lite import errors
from nova_lite.db import orders, servers
from nova_lite.operations import catalog


class ServerNotFound(errors.NotFound):
    """No such server, or it is deleted."""

    def __init__(self, uuid):
        super().__init__(f'Instance {uuid} could not be found.', server=uuid)


class InvalidState(errors.Conflict):
    """The server's state does not allow the operation."""

    def __init__(self, uuid, verb, attribute, value):
        where = 'has never been active' if attribute is None else f'is in {attribute} {value}'
        super().__init__(f"Cannot '{verb}' instance {uuid} while it {where}", server=uuid)


class ServerLocked(errors.Conflict):
    """The server is locked and the caller may not override it."""

    def __init__(self, uuid):
        super().__init__(f'Instance {uuid} is locked', server=uuid)


class ServerNotReady(errors.Conflict):
    """The server has no host yet."""

    def __init__(self, uuid):
        super().__init__(f'Instance {uuid} is not ready', server=uuid)


def begin(tx, name, server_uuid, *, context, now, input=None, secrets=None, lock_override=False):
    """Begin operation `name` (of the catalog) on a server in the cell transaction `tx`; the order's id.

    `input`: the operation's input Struct (default: empty). `secrets`: text sealed by `secrets.Vault`.
    Raises ServerNotFound, ServerLocked, InvalidState, ServerNotReady; nothing is written then.
    """
    operation = catalog.OPERATIONS[name]
    server = servers.get(tx, server_uuid)
    check(operation, server, server_uuid, lock_override)
    swapped = servers.swap_states(
        tx, server_uuid, vm_states=operation.vm_states, task_states=operation.task_states, locked_ok=lock_override,
        now=now, task_state=operation.task_state)
    if not swapped:
        server = servers.get_now(tx, server_uuid)
        check(operation, server, server_uuid, lock_override)
        raise InvalidState(server_uuid, operation.verb, 'task_state', server.task_state)
    if operation.kind == catalog.SUPERSEDING:
        orders.supersede(tx, server_uuid, f'Superseded by {operation.name}', now)
    fence = servers.get(tx, server_uuid).fence
    return insert_order(tx, operation, server_uuid, fence=fence, context=context, now=now, input=input,
                        secrets=secrets)


def check(operation, server, server_uuid, lock_override=False):
    """Raise what the operation's guard says of the server as it is now; nothing if it may begin."""
    if server is None:
        raise ServerNotFound(server_uuid)
    if server.locked_by is not None and not lock_override:
        raise ServerLocked(server_uuid)
    if operation.needs_host and server.host is None:
        raise ServerNotReady(server_uuid)
    if operation.vm_states is not None and server.vm_state not in operation.vm_states:
        raise InvalidState(server_uuid, operation.verb, 'vm_state', server.vm_state)
    if operation.task_states is not None and server.task_state not in operation.task_states:
        raise InvalidState(server_uuid, operation.verb, 'task_state', server.task_state)
    if operation.must_have_launched and server.launched_at is None:
        raise InvalidState(server_uuid, operation.verb, None, None)


def insert_order(tx, operation, server_uuid, *, fence, context, now, input=None, secrets=None):
    """Write the order of an operation whose guard has passed; its id. A build's server is written just before."""
    values = operation.input() if input is None else input
    return orders.insert(
        tx, server_uuid=server_uuid, operation=operation.name, action=operation.action, state=orders.OPEN,
        open_key=server_uuid, fence=fence, wake_at=orders.wake_after(ADOPT_AFTER), input=msgspec.to_builtins(values),
        secrets=secrets, request_id=context.request_id, project_id=context.project_id, user_id=context.user_id,
        created_at=now, updated_at=now)


def record(tx, action, server_uuid, *, context, now):
    """Note an action that was done at once, in the transaction that does it (lock, unlock, resetState)."""
    return orders.insert(
        tx, server_uuid=server_uuid, operation=action, action=action, state=orders.DONE, fence=0, input={},
        request_id=context.request_id, project_id=context.project_id, user_id=context.user_id,
        created_at=now, updated_at=now, finished_at=now)


# Seconds that an order waits for its wake-up call before adoption looks for it.
ADOPT_AFTER = 3.0
