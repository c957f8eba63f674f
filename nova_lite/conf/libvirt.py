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
    cfg.ListOpt('hw_machine_type', help="""
The machine type per architecture, as `x86_64=q35`.
"""),
    cfg.StrOpt('images_type', default='default', choices=[
        'raw', 'flat', 'qcow2', 'lvm', 'rbd', 'ploop', 'default',
    ], help="""
Where disks are kept. default means qcow2 if use_cow_images is set, else raw.
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
