# SPDX-License-Identifier: Apache-2.0
"""[libvirt]: how the libvirt driver reaches the hypervisor and what machines it makes."""

from oslo_config import cfg

OPTIONS = [
    cfg.StrOpt('virt_type', default='kvm', choices=['kvm', 'lxc', 'qemu', 'parallels'], help="""
The kind of virtualization. qemu needs no hardware support and is slow.
"""),
    cfg.StrOpt('connection_uri', default='', help="""
The address of libvirt. Empty means the usual one for virt_type, such as qemu:///system.
"""),
    cfg.StrOpt('cpu_mode', choices=['host-model', 'host-passthrough', 'custom', 'none'], help="""
The processor that guests see. Empty means host-model with KVM, none (the hypervisor's default) without.
"""),
    cfg.ListOpt('cpu_models', default=[], help="""
With cpu_mode custom: processor models, the most ordinary first. The first that fits a flavor's traits is taken.
"""),
    cfg.ListOpt('cpu_model_extra_flags', default=[], help="""
Processor features that guests get besides those of their model; with a minus in front, features they do not get.
"""),
    cfg.ListOpt('hw_machine_type', help="""
The machine type per architecture, as `x86_64=q35`.
"""),
    cfg.StrOpt('images_type', default='default', choices=[
        'raw', 'flat', 'qcow2', 'lvm', 'rbd', 'ploop', 'default',
    ], help="""
Where disks are kept. default means qcow2 if use_cow_images is set, else raw.
"""),
    cfg.IntOpt('images_address_space_limit', default=2, min=1, help="""
GiB of address space that qemu-img may take. An image made to exhaust it fails instead.
"""),
    cfg.IntOpt('images_cpu_time_limit', default=30, min=1, help="""
Seconds of processor time that qemu-img may take, and as much again for each GiB that it copies.
"""),
    cfg.StrOpt('hw_disk_discard', choices=['ignore', 'unmap'], help="""
Whether what a guest discards is given back to the host's storage. Empty leaves it to the hypervisor.
"""),
    cfg.ListOpt('disk_cachemodes', default=[], help="""
The cache mode of disks, as `file=writeback`. Empty means none, or writeback where the file system forbids that.
"""),
    cfg.StrOpt('rng_dev_path', default='/dev/urandom', help="""
The host's source of random numbers for guests.
"""),
    cfg.StrOpt('sysinfo_serial', default='unique', choices=['none', 'os', 'hardware', 'auto', 'unique'], help="""
The serial number that a guest finds in its SMBIOS: its own uuid (unique), or that of the host's system (os) or board
(hardware; auto takes the first there is).
"""),
    cfg.IntOpt('mem_stats_period_seconds', default=10, help="""
Seconds between two reports of a guest's memory use. 0 or less switches them off.
"""),
    cfg.IntOpt('wait_soft_reboot_seconds', default=120, help="""
Seconds that a guest is given for a soft reboot before it is rebooted hard.
"""),
]


def register_opts(conf):
    """Register the options of this file on `conf`."""
    conf.register_opts(OPTIONS, group='libvirt')


def list_opts():
    """(group, options) pairs of this file."""
    return [('libvirt', OPTIONS)]
