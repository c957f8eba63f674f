# SPDX-License-Identifier: Apache-2.0
"""Rules: addresses of servers."""

from nova_lite.policies import base

SHOW = 'os_compute_api:ips:show'
INDEX = 'os_compute_api:ips:index'

RULES = [
    base.rule(SHOW, base.READER, 'List the addresses of a server in one network.',
              'GET /servers/{server_id}/ips/{network_label}'),
    base.rule(INDEX, base.READER, 'List the addresses of a server.', 'GET /servers/{server_id}/ips'),
]
