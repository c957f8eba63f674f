# SPDX-License-Identifier: Apache-2.0
"""[scheduler] and [filter_scheduler]: which hosts are asked for, which are left out, which are preferred."""

from oslo_config import cfg

OPTIONS = [
    cfg.IntOpt('max_attempts', default=3, min=1, help="""
How many hosts a build tries, one after the other, before the server goes to ERROR.
"""),
    cfg.IntOpt('workers', min=1, help="""
How many decisions one nova-scheduler makes at the same time. Empty means default_thread_pool_size. Start more nova-
scheduler processes, on any host, for more.
"""),
    cfg.IntOpt('max_placement_results', default=1000, min=1, help="""
The most candidates that placement is asked for.
"""),
    cfg.BoolOpt('limit_tenants_to_placement_aggregate', default=False, help="""
Whether a project that an aggregate names in `filter_tenant_id` is placed there only.
"""),
    cfg.BoolOpt('placement_aggregate_required_for_tenants', default=False, help="""
Whether a project that no aggregate names is placed nowhere. Only with limit_tenants_to_placement_aggregate.
"""),
    cfg.BoolOpt('enable_isolated_aggregate_filtering', default=False, help="""
Whether aggregates that demand traits take only servers which ask for these traits.
"""),
    cfg.BoolOpt('image_metadata_prefilter', default=False, help="""
Whether only hosts are asked for whose driver knows the buses and device models that the image names.
"""),
    cfg.BoolOpt('query_placement_for_image_type_support', default=False, help="""
Whether only hosts are asked for whose driver can boot the image's disk format.
"""),
]

_DEFAULT_FILTERS = [
    'ComputeFilter', 'ComputeCapabilitiesFilter', 'ImagePropertiesFilter', 'ServerGroupAntiAffinityFilter',
    'ServerGroupAffinityFilter',
]

_ARCHITECTURES = [
    'alpha', 'armv6', 'armv7l', 'armv7b', 'aarch64', 'cris', 'i686', 'ia64', 'lm32', 'm68k', 'microblaze',
    'microblazeel', 'mips', 'mipsel', 'mips64', 'mips64el', 'openrisc', 'parisc', 'parisc64', 'ppc', 'ppcle', 'ppc64',
    'ppc64le', 'ppcemb', 's390', 's390x', 'sh4', 'sh4eb', 'sparc', 'sparc64', 'unicore32', 'x86_64', 'xtensa',
    'xtensaeb',
]

FILTER_OPTIONS = [
    cfg.MultiStrOpt('available_filters', default=['nova.scheduler.filters.all_filters'], help="""
Where filters come from: the name of a module or function of all that are built in, or the path of a class of your
own. May be given several times.
"""),
    cfg.ListOpt('enabled_filters', default=_DEFAULT_FILTERS, help="""
The filters that every candidate must pass, in this order. Put those that remove most first.
"""),
    cfg.ListOpt('weight_classes', default=['nova.scheduler.weights.all_weighers'], help="""
Where weighers come from: as available_filters.
"""),
    cfg.IntOpt('host_subset_size', default=1, min=1, help="""
One of so many best hosts is taken by chance. More means fewer collisions of concurrent requests, and a less exact
choice.
"""),
    cfg.BoolOpt('shuffle_best_same_weighed_hosts', default=False, help="""
Whether one of the hosts that share the best weight is taken by chance, instead of always the first.
"""),
    cfg.IntOpt('max_io_ops_per_host', default=8, min=0, help="""
IoOpsFilter leaves out hosts on which as many servers are being built, resized or snapshotted.
"""),
    cfg.IntOpt('max_instances_per_host', default=50, min=1, help="""
NumInstancesFilter leaves out hosts with as many servers.
"""),
    cfg.ListOpt('isolated_images', default=[], help="""
IsolatedHostsFilter puts these images (ids) on isolated_hosts only.
"""),
    cfg.ListOpt('isolated_hosts', default=[], help="""
The hosts for isolated_images.
"""),
    cfg.BoolOpt('restrict_isolated_hosts_to_isolated_images', default=True, help="""
Whether isolated_hosts take no other images.
"""),
    cfg.StrOpt('image_properties_default_architecture', choices=_ARCHITECTURES, help="""
The architecture that ImagePropertiesFilter assumes of an image which names none. Empty means that any host will do.
"""),
    cfg.StrOpt('aggregate_image_properties_isolation_namespace', help="""
AggregateImagePropertiesIsolation looks only at image properties that begin with this word and the separator.
"""),
    cfg.StrOpt('aggregate_image_properties_isolation_separator', default='.', help="""
What stands between the namespace and the rest of a property's name.
"""),
    cfg.FloatOpt('cpu_weight_multiplier', default=1.0, help="""
How much free processors count. Negative fills hosts one after the other.
"""),
    cfg.FloatOpt('ram_weight_multiplier', default=1.0, help="""
How much free memory counts. Negative fills hosts one after the other.
"""),
    cfg.FloatOpt('disk_weight_multiplier', default=1.0, help="""
How much free disk counts. Negative fills hosts one after the other.
"""),
    cfg.FloatOpt('io_ops_weight_multiplier', default=-1.0, help="""
How much servers being built, resized or snapshotted count. Negative prefers calm hosts.
"""),
    cfg.FloatOpt('num_instances_weight_multiplier', default=0.0, help="""
How much servers count. Negative prefers hosts with few, positive fills hosts one after the other.
"""),
    cfg.FloatOpt('hypervisor_version_weight_multiplier', default=1.0, help="""
How much a newer hypervisor counts. Negative prefers older ones.
"""),
    cfg.FloatOpt('build_failure_weight_multiplier', default=1000000.0, help="""
How much failed builds count against a host: those of the last day, since the last build there that went well.
"""),
    cfg.FloatOpt('soft_affinity_weight_multiplier', default=1.0, min=0.0, help="""
How much members of the same soft-affinity group count for a host.
"""),
    cfg.FloatOpt('soft_anti_affinity_weight_multiplier', default=1.0, min=0.0, help="""
How much members of the same soft-anti-affinity group count against a host.
"""),
]


def register_opts(conf):
    """Register the options of this file on `conf`."""
    conf.register_opts(OPTIONS, group='scheduler')
    conf.register_opts(FILTER_OPTIONS, group='filter_scheduler')


def list_opts():
    """(group, options) pairs of this file."""
    return [('scheduler', OPTIONS), ('filter_scheduler', FILTER_OPTIONS)]
