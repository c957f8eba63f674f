# SPDX-License-Identifier: Apache-2.0
"""nova-manage order: the journal as operators see it, and what they may do with an order that is stuck."""

from nova_lite import errors
from nova_lite.db import orders
from nova_lite.manage.command import FAILED, Answer, Command, Table, argument, say

_ORDER = argument('order_id', metavar='<order>', type=int, help='The number of the order.')


class OrderNotFound(errors.NotFound):
    """No order has this number."""


def list_orders(cloud, all_states, server, limit):
    """Orders, newest first: those that are not finished, or all."""
    with cloud.cells.get().read() as tx:
        rows = orders.list_(tx, wanted=None if all_states else orders.UNFINISHED, server_uuid=server, limit=limit)
    if not rows:
        return say('There is no such order.' if all_states or server else 'No order is open or stuck.')
    return Answer((Table(
        ('Order', 'Server', 'Operation', 'State', 'Owner', 'Begun', 'Message'),
        [(row.id, row.server_uuid, row.operation, _state(row), row.owner, _time(row.created_at), row.message)
         for row in rows]),))


def show(cloud, order_id):
    """One order: itself, its steps in the order in which they began, and the scheduler's reasons."""
    with cloud.cells.get().read() as tx:
        order = _get(tx, order_id)
        steps = orders.steps(tx, order_id)
    parts = [Table(('Field', 'Value'), [
        ('order', order.id), ('server', order.server_uuid), ('operation', order.operation), ('action', order.action),
        ('state', _state(order)), ('message', order.message), ('request', order.request_id),
        ('project', order.project_id), ('user', order.user_id), ('fence', order.fence), ('owner', order.owner),
        ('begun', _time(order.created_at)), ('changed', _time(order.updated_at)),
        ('finished', _time(order.finished_at))])]
    if steps:
        parts.append(Table(
            ('Attempt', 'Step', 'State', 'Host', 'Tries', 'Begun', 'Ended', 'Message'),
            [(step.attempt, f'undo of {step.step}' if step.undoing else step.step, step.state, step.host, step.tries,
              _time(step.started_at), _time(step.finished_at), _short(step.message)) for step in steps]))
    if order.explanation:
        parts += _explained(order.explanation)
    return Answer(tuple(parts))


def retry(cloud, order_id):
    """Let a conductor look at an order now; 1 if it is finished, or some conductor is at it."""
    def wake(tx):
        return _get(tx, order_id), orders.wake_now(tx, order_id)

    order, woken = cloud.cells.get().transact(wake)
    if woken:
        return say(f'Order {order_id} goes on within {cloud.conf.orders.adoption_interval} seconds.')
    if order.state in orders.UNFINISHED:
        return say(f'Order {order_id} is being run now, by {order.owner}.', code=FAILED)
    return say(f'Order {order_id} is {order.state}: there is nothing to retry.', code=FAILED)


def abandon(cloud, order_id, yes):
    """Close an order as it is and leave its server in error; 1 if it is finished, or `yes` was not said."""
    if not yes:
        return say(f'Order {order_id} stays as it is. To abandon means: nothing more is done for it, nothing is '
                   'undone, and its server is left in vm_state error; a delete of the server cleans up what the '
                   'journal names. Say --yes for that.', code=FAILED)

    def close(tx):
        return _get(tx, order_id), orders.abandon(tx, order_id, 'Abandoned by an operator', cloud.clock.now())

    order, closed = cloud.cells.get().transact(close)
    if not closed:
        return say(f'Order {order_id} is {order.state}: there is nothing to abandon.', code=FAILED)
    return say(f'Order {order_id} is abandoned; server {order.server_uuid} is in error and may be deleted, or be reset '
               'with os-resetState.')


def _get(tx, order_id):
    order = orders.get(tx, order_id)
    if order is None:
        raise OrderNotFound(f'Order {order_id} does not exist.')
    return order


def _explained(explanation):
    rows = [(stage['stage'], stage['before'], stage['after'], stage.get('reason') or None,
             ', '.join(stage.get('hosts') or ()) or None) for stage in explanation.get('stages') or ()]
    chosen = explanation.get('chosen')
    parts = ['The scheduler, stage by stage:', Table(
        ('Stage', 'Hosts before', 'Hosts after', 'Reason', 'Removed'), rows)] if rows else []
    return [*parts, f'The scheduler chose {chosen}.' if chosen else 'The scheduler chose no host.']


def _state(order):
    return f'{order.state}, undoing' if order.undoing and order.state in orders.UNFINISHED else order.state


def _time(value):
    return value and value.isoformat(timespec='milliseconds').removesuffix('+00:00')


def _short(message):
    return message if message is None or len(message) <= 120 else f'{message[:117]}...'


COMMANDS = (
    Command('order', 'list', 'List the orders that are open or stuck.', list_orders, (
        argument('--all', dest='all_states', action='store_true', help='Finished ones too.'),
        argument('--server', metavar='<server>', help='Only those of this server (its uuid).'),
        argument('--limit', metavar='<number>', type=int, default=1000, help='The newest ones only (1000).'))),
    Command('order', 'show', 'Show an order, its steps, and why the scheduler chose as it did.', show, (_ORDER,)),
    Command('order', 'retry', 'Let a conductor look at a waiting or stuck order now.', retry, (_ORDER,)),
    Command('order', 'abandon', 'Close an order as it is, and leave its server in error.', abandon, (
        _ORDER, argument('--yes', action='store_true', help='Needed: what was begun is not undone.'))),
)
