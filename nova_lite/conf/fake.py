# SPDX-License-Identifier: Apache-2.0
"""[fake]: the hypervisor in memory. This group is ours: Nova's fake driver has no options."""

from oslo_config import cfg

OPTIONS = [
    cfg.IntOpt('vcpus', default=1000, min=1, help="""
Processors that the pretended host has.
"""),
    cfg.IntOpt('memory_mb', default=800000, min=1, help="""
MiB of memory that the pretended host has.
"""),
    cfg.IntOpt('local_gb', default=600000, min=1, help="""
GiB of disk that the pretended host has.
"""),
    cfg.FloatOpt('latency', default=0.0, min=0.0, help="""
Seconds that each change of a guest takes on average; the real duration is between half and one and a half of it.
"""),
    cfg.FloatOpt('failure_rate', default=0.0, min=0.0, max=1.0, help="""
How often a change of a guest breaks with an uncertain outcome, before or after it is done.
"""),
    cfg.StrOpt('state_directory', help="""
A folder that keeps the pretended guests, so that they outlive nova-compute as real ones do. Empty keeps them in
memory only.
"""),
]


def register_opts(conf):
    """Register the options of this file on `conf`."""
    conf.register_opts(OPTIONS, group='fake')


def list_opts():
    """(group, options) pairs of this file."""
    return [('fake', OPTIONS)]
