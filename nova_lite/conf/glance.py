# SPDX-License-Identifier: Apache-2.0
"""[glance]: where images come from."""

from oslo_config import cfg

from nova_lite.conf import keystone_auth

OPTIONS = [
    cfg.ListOpt('api_servers', help="""
Addresses of Glance, tried in turn. Better leave it empty and let the catalog (or endpoint_override) say.
"""),
    cfg.IntOpt('num_retries', default=3, min=0, help="""
How often a download that broke off is taken up again.
"""),
]


def register_opts(conf):
    """Register the options of this file on `conf`."""
    keystone_auth.register(conf, 'glance', 'image')
    conf.register_opts(OPTIONS, group='glance')


def list_opts():
    """(group, options) pairs of this file."""
    return [('glance', OPTIONS + keystone_auth.options('image'))]
