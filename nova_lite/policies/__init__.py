# SPDX-License-Identifier: Apache-2.0
"""Who may do what, by default: one file of rules per noun, with Nova's names. `enforcer.py` applies them."""

import itertools

from nova_lite.policies import (
    aggregates,
    availability_zones,
    base,
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
    server_groups,
    server_ips,
    server_metadata,
    server_tags,
    servers,
    services,
)

_NOUNS = (
    aggregates,
    availability_zones,
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
    server_groups,
    server_ips,
    server_metadata,
    server_tags,
    servers,
    services,
)


def list_rules():
    """Every rule, for the enforcer and for oslo.policy's tools."""
    return list(itertools.chain(base.RULES, *(noun.RULES for noun in _NOUNS)))
