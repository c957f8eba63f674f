# SPDX-License-Identifier: Apache-2.0
"""[DEFAULT], [compute], [image_cache]: what nova-compute offers, keeps for the host, does to guests and images."""

from oslo_config import cfg

DEFAULTS = [
    cfg.StrOpt('compute_driver', help="""
The virt driver: an entry point of the group `nova_lite.virt`, such as libvirt or fake; Nova's names
`libvirt.LibvirtDriver` and `fake.FakeDriver` are understood.
"""),
    cfg.StrOpt('instances_path', default='$state_path/instances', help="""
The folder of the guests' disks on this host.
"""),
    cfg.FloatOpt('cpu_allocation_ratio', min=0.0, help="""
How many virtual processors each processor of the host stands for. Empty or 0 leaves the ratio to
initial_cpu_allocation_ratio and to whoever changes it in placement.
"""),
    cfg.FloatOpt('ram_allocation_ratio', min=0.0, help="""
As cpu_allocation_ratio, for memory.
"""),
    cfg.FloatOpt('disk_allocation_ratio', min=0.0, help="""
As cpu_allocation_ratio, for disk.
"""),
    cfg.FloatOpt('initial_cpu_allocation_ratio', default=4.0, min=0.0, help="""
The ratio of virtual to real processors that a new host starts with.
"""),
    cfg.FloatOpt('initial_ram_allocation_ratio', default=1.0, min=0.0, help="""
The ratio of virtual to real memory that a new host starts with.
"""),
    cfg.FloatOpt('initial_disk_allocation_ratio', default=1.0, min=0.0, help="""
The ratio of virtual to real disk that a new host starts with.
"""),
    cfg.IntOpt('reserved_host_cpus', default=0, min=0, help="""
Processors kept for the host.
"""),
    cfg.IntOpt('reserved_host_memory_mb', default=512, min=0, help="""
MiB of memory kept for the host.
"""),
    cfg.IntOpt('reserved_host_disk_mb', default=0, min=0, help="""
MiB of disk kept for the host.
"""),
    cfg.BoolOpt('enable_new_services', default=True, help="""
Whether a compute service that appears for the first time takes servers at once.
"""),
    cfg.BoolOpt('force_config_drive', default=False, help="""
Whether every server gets a config drive, asked for or not.
"""),
    cfg.StrOpt('config_drive_format', default='iso9660', choices=['iso9660', 'vfat'], help="""
The file system of config drives.
"""),
    cfg.StrOpt('mkisofs_cmd', default='genisoimage', help="""
The command that makes a config drive: genisoimage, mkisofs or xorrisofs, with a path where needed.
"""),
    cfg.BoolOpt('force_raw_images', default=True, help="""
Whether cached images are converted to raw.
"""),
    cfg.BoolOpt('use_cow_images', default=True, help="""
Whether disks are qcow2 on top of the cached image, instead of whole copies.
"""),
    cfg.StrOpt('preallocate_images', default='none', choices=['none', 'space'], help="""
Whether a disk's space is taken when it is made (space), or when it is written.
"""),
    cfg.IntOpt('max_concurrent_builds', default=10, min=0, help="""
How many servers this host builds at the same time. 0 sets no limit.
"""),
    cfg.IntOpt('shutdown_timeout', default=60, min=0, help="""
Seconds that a guest is given to shut down by itself before it is switched off.
"""),
    cfg.IntOpt('sync_power_state_interval', default=600, help="""
Seconds between two comparisons of all guests' power states with what is known. Negative switches them off.
"""),
    cfg.IntOpt('update_resources_interval', default=0, help="""
Seconds between two reports of this host's resources. 0 means one minute, negative switches them off.
"""),
]

OPTIONS = [
    cfg.ListOpt('image_type_exclude_list', default=[], help="""
Disk formats that this host does not boot although its driver could.
"""),
    cfg.ListOpt('vmdk_allowed_types', default=['streamOptimized', 'monolithicSparse'], help="""
The kinds of VMDK that may be used as images. Never allow one that names other files.
"""),
    cfg.FloatOpt('job_inline_wait', default=1.0, min=0.0, help="""
Seconds that a request for work waits for its end, so that short work needs no second message. This option is ours.
"""),
    cfg.IntOpt('job_retention', default=604800, min=3600, help="""
Seconds that this host remembers the last order of a server that nobody asks about any more, to refuse messages that
come late. This option is ours.
"""),
    cfg.IntOpt('max_concurrent_disk_ops', default=0, min=0, help="""
How many downloads and conversions of disks run at the same time. 0 sets no limit.
"""),
]

IMAGE_CACHE_OPTIONS = [
    cfg.IntOpt('manager_interval', default=2400, min=-1, help="""
Seconds between two clean-ups of the image cache. 0 means one minute, -1 switches them off.
"""),
    cfg.StrOpt('subdirectory_name', default='_base', help="""
The cache's folder below instances_path.
"""),
    cfg.BoolOpt('remove_unused_base_images', default=True, help="""
Whether images that no disk uses leave the cache.
"""),
    cfg.IntOpt('remove_unused_original_minimum_age_seconds', default=86400, help="""
Seconds that an unused image stays in the cache.
"""),
]


def register_opts(conf):
    """Register the options of this file on `conf`."""
    conf.register_opts(DEFAULTS)
    conf.register_opts(OPTIONS, group='compute')
    conf.register_opts(IMAGE_CACHE_OPTIONS, group='image_cache')


def list_opts():
    """(group, options) pairs of this file."""
    return [('DEFAULT', DEFAULTS), ('compute', OPTIONS), ('image_cache', IMAGE_CACHE_OPTIONS)]
