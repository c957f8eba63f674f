# SPDX-License-Identifier: Apache-2.0
"""Rules: servers."""

from nova_lite.policies import base

INDEX = 'os_compute_api:servers:index'
DETAIL = 'os_compute_api:servers:detail'
INDEX_ALL = 'os_compute_api:servers:index:get_all_tenants'
DETAIL_ALL = 'os_compute_api:servers:detail:get_all_tenants'
ALL_FILTERS = 'os_compute_api:servers:allow_all_filters'
SHOW = 'os_compute_api:servers:show'
SHOW_EXTRA_SPECS = 'os_compute_api:servers:show:flavor-extra-specs'
SHOW_HOST_STATUS = 'os_compute_api:servers:show:host_status'
SHOW_HOST_STATUS_UNKNOWN = 'os_compute_api:servers:show:host_status:unknown-only'
CREATE = 'os_compute_api:servers:create'
CREATE_FORCED_HOST = 'os_compute_api:servers:create:forced_host'
CREATE_DESTINATION = 'compute:servers:create:requested_destination'
CREATE_VOLUME = 'os_compute_api:servers:create:attach_volume'
CREATE_NETWORK = 'os_compute_api:servers:create:attach_network'
CREATE_TRUSTED_CERTS = 'os_compute_api:servers:create:trusted_certs'
CREATE_ZERO_DISK = 'os_compute_api:servers:create:zero_disk_flavor'
EXTERNAL_NETWORK = 'network:attach_external_network'
DELETE = 'os_compute_api:servers:delete'
UPDATE = 'os_compute_api:servers:update'
REBOOT = 'os_compute_api:servers:reboot'
START = 'os_compute_api:servers:start'
STOP = 'os_compute_api:servers:stop'
EXTENDED_ATTRIBUTES = 'os_compute_api:os-extended-server-attributes'

RULES = [
    base.rule(INDEX, base.READER, 'List servers.', 'GET /servers'),
    base.rule(DETAIL, base.READER, 'List servers with everything about them.', 'GET /servers/detail'),
    base.rule(INDEX_ALL, base.ADMIN, 'List the servers of all projects.', 'GET /servers'),
    base.rule(DETAIL_ALL, base.ADMIN, 'List the servers of all projects with everything about them.',
              'GET /servers/detail'),
    base.rule(ALL_FILTERS, base.ADMIN, 'Filter servers by everything.', 'GET /servers', 'GET /servers/detail'),
    base.rule(SHOW, base.READER, 'Show a server.', 'GET /servers/{server_id}'),
    base.rule(SHOW_EXTRA_SPECS, base.READER, 'See the extra specs of the flavor in servers.',
              'GET /servers/detail', 'GET /servers/{server_id}', 'PUT /servers/{server_id}',
              'POST /servers/{server_id}/action (rebuild)', replaces='os_compute_api:os-flavor-extra-specs:index'),
    base.rule(SHOW_HOST_STATUS, base.ADMIN, 'See the status of the host in servers.',
              'GET /servers/detail', 'GET /servers/{server_id}', 'PUT /servers/{server_id}',
              'POST /servers/{server_id}/action (rebuild)'),
    base.rule(SHOW_HOST_STATUS_UNKNOWN, base.ADMIN, 'See in servers that the status of the host is unknown.',
              'GET /servers/detail', 'GET /servers/{server_id}', 'PUT /servers/{server_id}',
              'POST /servers/{server_id}/action (rebuild)'),
    base.rule(CREATE, base.MEMBER, 'Create servers.', 'POST /servers'),
    base.rule(CREATE_FORCED_HOST, base.ADMIN, 'Create servers on a host that no scheduler checks.', 'POST /servers'),
    base.rule(CREATE_DESTINATION, base.ADMIN, 'Create servers on a host or hypervisor of choice.', 'POST /servers'),
    base.rule(CREATE_VOLUME, base.MEMBER, 'Create servers with volumes.', 'POST /servers'),
    base.rule(CREATE_NETWORK, base.MEMBER, 'Create servers with networks.', 'POST /servers'),
    base.rule(CREATE_TRUSTED_CERTS, base.MEMBER, 'Create servers with trusted image certificates.', 'POST /servers'),
    base.rule(CREATE_ZERO_DISK, base.ADMIN, 'Create servers from an image with a flavor without a disk.',
              'POST /servers'),
    base.rule(EXTERNAL_NETWORK, base.ADMIN, 'Attach servers to an external network that is not shared.',
              'POST /servers', 'POST /servers/{server_id}/os-interface'),
    base.rule(DELETE, base.MEMBER, 'Delete a server.', 'DELETE /servers/{server_id}'),
    base.rule(UPDATE, base.MEMBER, 'Change a server.', 'PUT /servers/{server_id}'),
    base.rule(REBOOT, base.MEMBER, 'Reboot a server.', 'POST /servers/{server_id}/action (reboot)'),
    base.rule(START, base.MEMBER, 'Start a server.', 'POST /servers/{server_id}/action (os-start)'),
    base.rule(STOP, base.MEMBER, 'Stop a server.', 'POST /servers/{server_id}/action (os-stop)'),
    base.rule(EXTENDED_ATTRIBUTES, base.ADMIN, 'See host, hypervisor and internal names in servers.',
              'GET /servers/detail', 'GET /servers/{server_id}', 'PUT /servers/{server_id}',
              'POST /servers/{server_id}/action (rebuild)'),
]
