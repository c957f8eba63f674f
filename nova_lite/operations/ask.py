# SPDX-License-Identifier: Apache-2.0
"""How nova-api asks for an operation: begin it in one transaction, and when that is committed wake a conductor."""

import logging

from nova_lite.operations import begin

LOG = logging.getLogger(__name__)


def ask(deps, cell, name, server_uuid, context, *, input=None, secrets=None):
    """Begin operation `name` on a server of `cell`; the order's id.

    `deps`: cells, clock, conductor, vault. `secrets`: what the steps need beside the user's token. Administrators may
    act on locked servers. Raises what `begin.begin` raises, and Unavailable.
    """
    order_id = deps.cells.get(cell).transact(
        begin.begin, name, server_uuid, context=context, now=deps.clock.now(), input=input,
        secrets=seal(deps, context, **(secrets or {})), lock_override=bool(context.is_admin))
    wake(deps, cell, order_id)
    return order_id


def seal(deps, context, **secrets):
    """The user's token, and other secrets, as the order's row keeps them; None where nothing can be kept."""
    return None if deps.vault is None else deps.vault.seal({'token': context.auth_token, **secrets})


def wake(deps, cell, order_id):
    """Tell a conductor of an order that is committed. Never fails: adoption finds what nobody was told of."""
    try:
        deps.conductor.run_order(order_id, cell)
    except Exception as error:  # noqa: BLE001  the order is journaled: the request has succeeded whatever the bus says
        LOG.warning('Order %d is left to adoption: %s', order_id, error)
