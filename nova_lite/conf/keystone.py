# SPDX-License-Identifier: Apache-2.0
"""[keystone]: where nova-api asks whether a project exists."""

from nova_lite.conf import keystone_auth


def register_opts(conf):
    """Register the options of this file on `conf`."""
    keystone_auth.register(conf, 'keystone', 'identity')


def list_opts():
    """(group, options) pairs of this file."""
    return [('keystone', keystone_auth.options('identity'))]
