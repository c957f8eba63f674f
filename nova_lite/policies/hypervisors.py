# SPDX-License-Identifier: Apache-2.0
"""Rules: hypervisors."""

from nova_lite.policies import base

LIST = 'os_compute_api:os-hypervisors:list'
LIST_DETAIL = 'os_compute_api:os-hypervisors:list-detail'
STATISTICS = 'os_compute_api:os-hypervisors:statistics'
SHOW = 'os_compute_api:os-hypervisors:show'
UPTIME = 'os_compute_api:os-hypervisors:uptime'
SEARCH = 'os_compute_api:os-hypervisors:search'
SERVERS = 'os_compute_api:os-hypervisors:servers'

RULES = [
    base.rule(LIST, base.ADMIN, 'List the hypervisors.',
              'GET /os-hypervisors', replaces='os_compute_api:os-hypervisors'),
    base.rule(LIST_DETAIL, base.ADMIN, 'List the hypervisors with everything known of them.',
              'GET /os-hypervisors/detail', replaces='os_compute_api:os-hypervisors'),
    base.rule(STATISTICS, base.ADMIN, 'Show sums over all hypervisors.',
              'GET /os-hypervisors/statistics', replaces='os_compute_api:os-hypervisors'),
    base.rule(SHOW, base.ADMIN, 'Show a hypervisor.',
              'GET /os-hypervisors/{hypervisor_id}', replaces='os_compute_api:os-hypervisors'),
    base.rule(UPTIME, base.ADMIN, 'Show how long a hypervisor has been up.',
              'GET /os-hypervisors/{hypervisor_id}/uptime', replaces='os_compute_api:os-hypervisors'),
    base.rule(SEARCH, base.ADMIN, 'Find hypervisors by name.',
              'GET /os-hypervisors/{hypervisor_hostname_pattern}/search', replaces='os_compute_api:os-hypervisors'),
    base.rule(SERVERS, base.ADMIN, 'List the servers of hypervisors found by name.',
              'GET /os-hypervisors/{hypervisor_hostname_pattern}/servers', replaces='os_compute_api:os-hypervisors'),
]
