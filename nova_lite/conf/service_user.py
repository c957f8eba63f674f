# SPDX-License-Identifier: Apache-2.0
"""[service_user]: our own user, whose token accompanies a user's token so that long work outlives the latter."""

from oslo_config import cfg

from nova_lite.conf import keystone_auth

OPTIONS = [
    cfg.BoolOpt('send_service_user_token', default=False, help="""
Whether requests made with a user's token carry a token of this user too. Needed for operations that take longer
than a token lives.
"""),
]


def register_opts(conf):
    """Register the options of this file on `conf`."""
    keystone_auth.register(conf, 'service_user', None)
    conf.register_opts(OPTIONS, group='service_user')


def list_opts():
    """(group, options) pairs of this file."""
    return [('service_user', OPTIONS + keystone_auth.options(None))]
