# SPDX-License-Identifier: Apache-2.0
"""How instance actions look: an order is an action, a step of it an event.

An event is named after its step: `compute_start_guest` for one on a host, `conductor_pick_destination` for one of the
conductor's own, with `undo_` before the step where it was undone. What nova-api did itself is `api_lock` and the like.
"""

import dataclasses

from nova_lite.api import microversions as mv
from nova_lite.api.views import times
from nova_lite.api.views.servers import host_id
from nova_lite.db import orders

_RESULTS = {orders.STEP_DONE: 'Success', orders.REFUSED: 'Error'}
_FAILED = (orders.FAILED, orders.ABANDONED)


@dataclasses.dataclass(frozen=True)
class Shown:
    """What of events the asker sees."""

    traceback: bool = False
    host: bool = False
    host_id: bool = False
    details: bool = False


def action(order, version):
    """An order as an action."""
    view = {
        'action': order.action,
        'instance_uuid': order.server_uuid,
        'request_id': order.request_id,
        'user_id': order.user_id,
        'project_id': order.project_id,
        'start_time': times.naive(order.created_at),
        'message': 'Error' if order.state in _FAILED else None,
    }
    if version >= mv.ACTION_PAGES:
        view['updated_at'] = times.naive(order.updated_at)
    return view


def events(order, steps, shown, project_id):
    """The steps of an order as events; `project_id` is the server's."""
    if order.fence == 0:
        return [_event(f'api_{order.action}', order.created_at, order.finished_at, 'Success', None, '', shown,
                       project_id)]
    return [_event(_name(step), step.started_at, step.finished_at, _RESULTS.get(step.state), step.host,
                   step.message if step.state == orders.REFUSED else None, shown, project_id) for step in steps]


def _name(step):
    where = 'compute' if step.host else 'conductor'
    return f'{where}_undo_{step.step}' if step.undoing else f'{where}_{step.step}'


def _event(name, started, finished, result, host, message, shown, project_id):
    view = {'event': name, 'start_time': times.naive(started), 'finish_time': times.naive(finished), 'result': result}
    if shown.traceback:
        view['traceback'] = message or None
    if shown.host:
        view['host'] = host or ''
    if shown.host_id:
        view['hostId'] = host_id(host, project_id)
    if shown.details:
        view['details'] = message or None
    return view
