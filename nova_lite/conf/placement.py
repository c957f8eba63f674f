# SPDX-License-Identifier: Apache-2.0
"""[placement]: where the daemons find placement. (placement-api's own options are in `nova_lite/placement/conf`.)"""

from nova_lite.conf import keystone_auth


def register_opts(conf):
    """Register the options of this file on `conf`."""
    keystone_auth.register(conf, 'placement', 'placement')


def list_opts():
    """(group, options) pairs of this file."""
    return [('placement', keystone_auth.options('placement'))]
