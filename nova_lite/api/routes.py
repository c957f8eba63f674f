# SPDX-License-Identifier: Apache-2.0
"""url -> operations: the whole API at a glance.

Paths come after `/v2.1` or `/v2` and the project id, which the middleware takes off. A part of a path has one name
everywhere. `GONE` and `ELSEWHERE` list what Nova once had and refuses, or what other services have.
"""

from nova_lite.api import microversions
from nova_lite.api.handlers import (
    aggregates,
    availability_zones,
    console_output,
    extensions,
    flavor_access,
    flavor_extra_specs,
    flavors,
    hypervisors,
    instance_actions,
    keypairs,
    limits,
    quota_class_sets,
    quota_sets,
    server_actions,
    server_create,
    server_groups,
    server_ips,
    server_metadata,
    server_tags,
    servers,
    services,
    versions,
)
from nova_lite.api.operation import Actions, always

ROUTES = {
    '/': {'GET': versions.root},
    '/versions/{id}': {'GET': versions.show},
    '/extensions': {'GET': extensions.index},
    '/extensions/{alias}': {'GET': extensions.show},

    '/flavors': {'GET': flavors.index, 'POST': flavors.create},
    '/flavors/detail': {'GET': flavors.detail},
    '/flavors/{flavor_id}': {'GET': flavors.show, 'PUT': flavors.update, 'DELETE': flavors.delete},
    '/flavors/{flavor_id}/action': {'POST': {
        'addTenantAccess': flavor_access.add, 'removeTenantAccess': flavor_access.remove}},
    '/flavors/{flavor_id}/os-flavor-access': {'GET': flavor_access.index},
    '/flavors/{flavor_id}/os-extra_specs': {'GET': flavor_extra_specs.index, 'POST': flavor_extra_specs.create},
    '/flavors/{flavor_id}/os-extra_specs/{key}': {
        'GET': flavor_extra_specs.show, 'PUT': flavor_extra_specs.update, 'DELETE': flavor_extra_specs.delete},

    '/os-keypairs': {'GET': keypairs.index, 'POST': keypairs.create},
    '/os-keypairs/{keypair_name}': {'GET': keypairs.show, 'DELETE': keypairs.delete},

    '/limits': {'GET': limits.index},
    '/os-quota-sets/{project_id}': {
        'GET': quota_sets.show, 'PUT': quota_sets.update, 'DELETE': quota_sets.delete},
    '/os-quota-sets/{project_id}/detail': {'GET': quota_sets.detail},
    '/os-quota-sets/{project_id}/defaults': {'GET': quota_sets.defaults},
    '/os-quota-class-sets/{quota_class}': {'GET': quota_class_sets.show, 'PUT': quota_class_sets.update},

    '/os-server-groups': {'GET': server_groups.index, 'POST': server_groups.create},
    '/os-server-groups/{server_group_id}': {'GET': server_groups.show, 'DELETE': server_groups.delete},

    '/os-availability-zone': {'GET': availability_zones.index},
    '/os-availability-zone/detail': {'GET': availability_zones.detail},
    '/os-aggregates': {'GET': aggregates.index, 'POST': aggregates.create},
    '/os-aggregates/{aggregate_id}': {
        'GET': aggregates.show, 'PUT': aggregates.update, 'DELETE': aggregates.delete},
    '/os-aggregates/{aggregate_id}/action': {'POST': {
        'add_host': aggregates.add_host, 'remove_host': aggregates.remove_host,
        'set_metadata': aggregates.set_metadata}},

    '/os-services': {'GET': services.index},
    '/os-services/{service_id}': {'PUT': services.update, 'DELETE': services.delete},
    '/os-hypervisors': {'GET': hypervisors.index},
    '/os-hypervisors/detail': {'GET': hypervisors.detail},
    '/os-hypervisors/statistics': {'GET': hypervisors.statistics},
    '/os-hypervisors/{hypervisor_id}': {'GET': hypervisors.show},
    '/os-hypervisors/{hypervisor_id}/search': {'GET': hypervisors.search},
    '/os-hypervisors/{hypervisor_id}/servers': {'GET': hypervisors.list_servers},
    '/os-hypervisors/{hypervisor_id}/uptime': {'GET': hypervisors.uptime},

    '/servers': {'GET': servers.index, 'POST': server_create.post},
    '/servers/detail': {'GET': servers.detail},
    '/servers/{server_id}': {'GET': servers.show, 'PUT': servers.update, 'DELETE': servers.delete},
    '/servers/{server_id}/action': {'POST': {
        'os-start': server_actions.start,
        'os-stop': server_actions.stop,
        'reboot': server_actions.reboot,
        'forceDelete': server_actions.force_delete,
        'lock': server_actions.lock,
        'unlock': server_actions.unlock,
        'os-resetState': server_actions.reset_state,
        'os-getConsoleOutput': console_output.show,
        **server_actions.NOT_HERE,
    }},
    '/servers/{server_id}/ips': {'GET': server_ips.index},
    '/servers/{server_id}/ips/{label}': {'GET': server_ips.show},
    '/servers/{server_id}/metadata': {'GET': server_metadata.index, 'POST': server_metadata.create,
                                      'PUT': server_metadata.update_all},
    '/servers/{server_id}/metadata/{key}': {'GET': server_metadata.show, 'PUT': server_metadata.update,
                                            'DELETE': server_metadata.delete},
    '/servers/{server_id}/os-instance-actions': {'GET': instance_actions.index},
    '/servers/{server_id}/os-instance-actions/{request_id}': {'GET': instance_actions.show},
    '/servers/{server_id}/tags': {'GET': server_tags.index, 'PUT': server_tags.update_all,
                                  'DELETE': server_tags.delete_all},
    '/servers/{server_id}/tags/{tag}': {'GET': server_tags.show, 'PUT': server_tags.update,
                                        'DELETE': server_tags.delete},
}

# Refused with 410 at every version.
GONE = {
    '/os-agents': 'GET POST',
    '/os-agents/{id}': 'PUT DELETE',
    '/os-cells': 'GET POST',
    '/os-cells/capacities': 'GET',
    '/os-cells/detail': 'GET',
    '/os-cells/info': 'GET',
    '/os-cells/sync_instances': 'POST',
    '/os-cells/{id}': 'GET PUT DELETE',
    '/os-cells/{id}/capacities': 'GET',
    '/os-certificates': 'POST',
    '/os-certificates/{id}': 'GET',
    '/os-cloudpipe': 'GET POST',
    '/os-cloudpipe/{id}': 'PUT',
    '/os-fixed-ips/{id}': 'GET',
    '/os-floating-ip-dns': 'GET',
    '/os-floating-ip-dns/{id}': 'PUT DELETE',
    '/os-floating-ip-dns/{id}/entries/{entry_id}': 'GET PUT DELETE',
    '/os-floating-ips-bulk': 'GET POST',
    '/os-floating-ips-bulk/{id}': 'GET PUT',
    '/os-fping': 'GET',
    '/os-fping/{id}': 'GET',
    '/os-networks': 'POST',
    '/os-networks/add': 'POST',
    '/os-networks/{id}': 'DELETE',
    '/os-security-group-default-rules': 'GET POST',
    '/os-security-group-default-rules/{id}': 'GET DELETE',
    '/os-tenant-networks': 'POST',
    '/os-tenant-networks/{id}': 'DELETE',
    '/servers/{server_id}/consoles': 'GET POST',
    '/servers/{server_id}/consoles/{id}': 'GET DELETE',
    '/servers/{server_id}/os-virtual-interfaces': 'GET',
}

# Never supported: 400 as long as the resource existed.
UNSUPPORTED = {
    '/os-baremetal-nodes': 'POST',
    '/os-baremetal-nodes/{id}': 'DELETE',
}

# Actions that are refused with 410, by path.
GONE_ACTIONS = {
    '/os-fixed-ips/{id}/action': ('reserve', 'unreserve'),
    '/os-networks/{id}/action': ('disassociate', 'disassociate_host', 'disassociate_project', 'associate_host'),
    '/servers/{server_id}/action': ('resetNetwork',),
}

UNSUPPORTED_ACTIONS = {
    '/os-baremetal-nodes/{id}/action': ('add_interface', 'remove_interface'),
}

# What Nova passed on to other services until 2.35 (2.38, 2.42): not here at any version.
ELSEWHERE = {
    '/images': 'GET',
    '/images/detail': 'GET',
    '/images/{id}': 'GET DELETE',
    '/images/{id}/metadata': 'GET POST PUT',
    '/images/{id}/metadata/{key}': 'GET PUT DELETE',
    '/os-baremetal-nodes': 'GET',
    '/os-baremetal-nodes/{id}': 'GET',
    '/os-floating-ip-pools': 'GET',
    '/os-floating-ips': 'GET POST',
    '/os-floating-ips/{id}': 'GET DELETE',
    '/os-hosts': 'GET',
    '/os-hosts/{id}': 'GET PUT',
    '/os-hosts/{id}/reboot': 'GET',
    '/os-hosts/{id}/shutdown': 'GET',
    '/os-hosts/{id}/startup': 'GET',
    '/os-networks': 'GET',
    '/os-networks/{id}': 'GET',
    '/os-security-group-rules': 'POST',
    '/os-security-group-rules/{id}': 'DELETE',
    '/os-security-groups': 'GET POST',
    '/os-security-groups/{id}': 'GET PUT DELETE',
    '/os-snapshots': 'GET POST',
    '/os-snapshots/detail': 'GET',
    '/os-snapshots/{id}': 'GET DELETE',
    '/os-tenant-networks': 'GET',
    '/os-tenant-networks/{id}': 'GET',
    '/os-volumes': 'GET POST',
    '/os-volumes/detail': 'GET',
    '/os-volumes/{id}': 'GET DELETE',
    '/os-volumes_boot': 'GET POST',
    '/os-volumes_boot/detail': 'GET',
    '/os-volumes_boot/{id}': 'GET PUT DELETE',
    '/os-volumes_boot/{id}/action': 'POST',
}


def table():
    """path -> {method: Operation or Actions}: everything above in one."""
    found = {path: {method: _target(target) for method, target in methods.items()}
             for path, methods in ROUTES.items()}
    gone = always(410).operation
    unsupported = always(400, until=microversions.PROXIES_GONE - 1).operation
    for refused, operation in ((GONE, gone), (UNSUPPORTED, unsupported), (ELSEWHERE, always(404).operation)):
        for path, methods in refused.items():
            for method in methods.split():
                found.setdefault(path, {}).setdefault(method, operation)
    for refused, operation in ((GONE_ACTIONS, gone), (UNSUPPORTED_ACTIONS, unsupported)):
        for path, names in refused.items():
            actions = found.setdefault(path, {}).setdefault('POST', Actions({}))
            for name in names:
                actions.operations.setdefault(name, operation)
    return found


def _target(target):
    if isinstance(target, dict):
        return Actions({name: action.operation for name, action in target.items()})
    return target.operation
