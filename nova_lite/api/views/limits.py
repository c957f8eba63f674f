# SPDX-License-Identifier: Apache-2.0
"""How limits look: quotas under names of their own."""

from nova_lite.api import microversions, quotas

_LIMITS = {
    'ram': ('maxTotalRAMSize',), 'instances': ('maxTotalInstances',), 'cores': ('maxTotalCores',),
    'key_pairs': ('maxTotalKeypairs',), 'floating_ips': ('maxTotalFloatingIps',),
    'metadata_items': ('maxServerMeta', 'maxImageMeta'), 'injected_files': ('maxPersonality',),
    'injected_file_content_bytes': ('maxPersonalitySize',), 'security_groups': ('maxSecurityGroups',),
    'security_group_rules': ('maxSecurityGroupRules',), 'server_groups': ('maxServerGroups',),
    'server_group_members': ('maxServerGroupMembers',),
}
_USAGES = {
    'ram': 'totalRAMUsed', 'cores': 'totalCoresUsed', 'instances': 'totalInstancesUsed',
    'floating_ips': 'totalFloatingIpsUsed', 'security_groups': 'totalSecurityGroupsUsed',
    'server_groups': 'totalServerGroupsUsed',
}


def whole(req, limits, usages):
    """The limits of a project, with what is used of them."""
    found = {}
    for resource in quotas.shown(req.version):
        for name in _LIMITS.get(resource, ()):
            if name != 'maxImageMeta' or req.version < microversions.IMAGE_METADATA_GONE:
                found[name] = limits[resource]
        if resource in _USAGES:
            found[_USAGES[resource]] = usages[resource]
    return {'limits': {'rate': [], 'absolute': found}}
