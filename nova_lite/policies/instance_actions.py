# SPDX-License-Identifier: Apache-2.0
"""Rules: what was done to servers."""

from nova_lite.policies import base

EVENT_DETAILS = 'os_compute_api:os-instance-actions:events:details'
EVENTS = 'os_compute_api:os-instance-actions:events'
LIST = 'os_compute_api:os-instance-actions:list'
SHOW = 'os_compute_api:os-instance-actions:show'

RULES = [
    base.rule(EVENT_DETAILS, base.ADMIN, 'See the details of events of an action.',
              'GET /servers/{server_id}/os-instance-actions/{request_id}'),
    base.rule(EVENTS, base.ADMIN, 'See the events of an action, with traceback and host.',
              'GET /servers/{server_id}/os-instance-actions/{request_id}'),
    base.rule(LIST, base.READER, 'List the actions of a server.',
              'GET /servers/{server_id}/os-instance-actions', replaces='os_compute_api:os-instance-actions'),
    base.rule(SHOW, base.READER, 'Show an action of a server.',
              'GET /servers/{server_id}/os-instance-actions/{request_id}',
              replaces='os_compute_api:os-instance-actions'),
]
