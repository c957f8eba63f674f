# SPDX-License-Identifier: Apache-2.0
"""[conductor]: how much work one nova-conductor takes on."""

from oslo_config import cfg

OPTIONS = [
    cfg.IntOpt('workers', min=1, help="""
How many orders one nova-conductor works on at the same time. Empty means default_thread_pool_size. Start more nova-
conductor processes, on any host, for more.
"""),
]


def register_opts(conf):
    """Register the options of this file on `conf`."""
    conf.register_opts(OPTIONS, group='conductor')


def list_opts():
    """(group, options) pairs of this file."""
    return [('conductor', OPTIONS)]
