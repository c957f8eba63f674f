# SPDX-License-Identifier: Apache-2.0
"""[vnc]: the screens of guests."""

from oslo_config import cfg

OPTIONS = [
    cfg.BoolOpt('enabled', default=True, help="""
Whether guests get a screen (VNC) and a graphics card.
"""),
    cfg.HostAddressOpt('server_listen', default='127.0.0.1', help="""
The address on which a guest's screen listens.
"""),
    cfg.HostAddressOpt('server_proxyclient_address', default='127.0.0.1', help="""
The address of this host at which proxies reach the guests' screens.
"""),
]


def register_opts(conf):
    """Register the options of this file on `conf`."""
    conf.register_opts(OPTIONS, group='vnc')


def list_opts():
    """(group, options) pairs of this file."""
    return [('vnc', OPTIONS)]
