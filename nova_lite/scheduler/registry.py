# SPDX-License-Identifier: Apache-2.0
"""Which filters and weighers there are: the tables of ours, and others' by entry point or path of a class.

Entry points: `nova_lite.scheduler.filters`, `nova_lite.scheduler.weighers`; the name is what the options call it.
"""

import importlib
from importlib import metadata

from nova_lite import errors
from nova_lite.scheduler.filters.aggregate_extra_specs import AggregateInstanceExtraSpecsFilter
from nova_lite.scheduler.filters.aggregate_image_properties import AggregateImagePropertiesIsolation
from nova_lite.scheduler.filters.aggregate_tenants import AggregateMultiTenancyIsolation
from nova_lite.scheduler.filters.aggregate_types import AggregateTypeAffinityFilter
from nova_lite.scheduler.filters.all_hosts import AllHostsFilter
from nova_lite.scheduler.filters.cidr import SimpleCIDRAffinityFilter
from nova_lite.scheduler.filters.compute import ComputeFilter
from nova_lite.scheduler.filters.compute_capabilities import ComputeCapabilitiesFilter
from nova_lite.scheduler.filters.image_properties import ImagePropertiesFilter
from nova_lite.scheduler.filters.io_ops import AggregateIoOpsFilter, IoOpsFilter
from nova_lite.scheduler.filters.isolated_hosts import IsolatedHostsFilter
from nova_lite.scheduler.filters.json_query import JsonFilter
from nova_lite.scheduler.filters.num_instances import AggregateNumInstancesFilter, NumInstancesFilter
from nova_lite.scheduler.filters.other_servers import DifferentHostFilter, SameHostFilter
from nova_lite.scheduler.filters.server_groups import ServerGroupAffinityFilter, ServerGroupAntiAffinityFilter
from nova_lite.scheduler.request_filters.availability_zone import AvailabilityZone
from nova_lite.scheduler.request_filters.compute_status import ComputeStatus
from nova_lite.scheduler.request_filters.features import Features
from nova_lite.scheduler.request_filters.image_metadata import ImageMetadata
from nova_lite.scheduler.request_filters.image_type import ImageType
from nova_lite.scheduler.request_filters.isolated_aggregates import IsolatedAggregates
from nova_lite.scheduler.request_filters.tenant_aggregate import TenantAggregate
from nova_lite.scheduler.weighers.build_failure import BuildFailureWeigher
from nova_lite.scheduler.weighers.cpu import CPUWeigher
from nova_lite.scheduler.weighers.disk import DiskWeigher
from nova_lite.scheduler.weighers.hypervisor_version import HypervisorVersionWeigher
from nova_lite.scheduler.weighers.io_ops import IoOpsWeigher
from nova_lite.scheduler.weighers.num_instances import NumInstancesWeigher
from nova_lite.scheduler.weighers.ram import RAMWeigher
from nova_lite.scheduler.weighers.server_groups import (
    ServerGroupSoftAffinityWeigher,
    ServerGroupSoftAntiAffinityWeigher,
)

REQUEST_FILTERS = (
    TenantAggregate, AvailabilityZone, ImageType, ComputeStatus, IsolatedAggregates, ImageMetadata, Features,
)
FILTERS = {each.__name__: each for each in (
    AggregateImagePropertiesIsolation, AggregateInstanceExtraSpecsFilter, AggregateIoOpsFilter,
    AggregateMultiTenancyIsolation, AggregateNumInstancesFilter, AggregateTypeAffinityFilter, AllHostsFilter,
    ComputeCapabilitiesFilter, ComputeFilter, DifferentHostFilter, ImagePropertiesFilter, IoOpsFilter,
    IsolatedHostsFilter, JsonFilter, NumInstancesFilter, SameHostFilter, ServerGroupAffinityFilter,
    ServerGroupAntiAffinityFilter, SimpleCIDRAffinityFilter,
)}
WEIGHERS = {each.__name__: each for each in (
    BuildFailureWeigher, CPUWeigher, DiskWeigher, HypervisorVersionWeigher, IoOpsWeigher, NumInstancesWeigher,
    RAMWeigher, ServerGroupSoftAffinityWeigher, ServerGroupSoftAntiAffinityWeigher,
)}

# What the options may say for "all that are built in".
_ALL = ('nova.scheduler.filters.all_filters', 'nova.scheduler.weights.all_weighers')
# A path in Nova's own tree means the class of ours with the same name.
_NOVA = ('nova.scheduler.filters.', 'nova.scheduler.weights.')


class UnknownPart(errors.Invalid):
    """An option names a filter or weigher that is not there."""


def request_filters(conf):
    """Every request filter, in order."""
    return [each(conf) for each in REQUEST_FILTERS]


def filters(conf):
    """The filters of `enabled_filters`, in order. Raises UnknownPart."""
    available = _available(conf.filter_scheduler.available_filters, FILTERS, 'nova_lite.scheduler.filters')
    missing = [name for name in conf.filter_scheduler.enabled_filters if name not in available]
    if missing:
        raise UnknownPart('[filter_scheduler] enabled_filters names what is not available: ' + ', '.join(missing))
    return [available[name](conf) for name in conf.filter_scheduler.enabled_filters]


def weighers(conf):
    """The weighers of `weight_classes`. Raises UnknownPart."""
    available = _available(conf.filter_scheduler.weight_classes, WEIGHERS, 'nova_lite.scheduler.weighers')
    return [each(conf) for each in available.values()]


def _available(paths, ours, group):
    found = {}
    for path in paths:
        if path in _ALL:
            found |= ours
            found |= {point.name: point.load() for point in metadata.entry_points(group=group)}
        else:
            name = path.rpartition('.')[2]
            found[name] = ours[name] if path.startswith(_NOVA) and name in ours else _load(path)
    return found


def _load(path):
    module, _, name = path.rpartition('.')
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise UnknownPart(f'[filter_scheduler] names {path}, which cannot be loaded: {error}') from error
