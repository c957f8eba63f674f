# SPDX-License-Identifier: Apache-2.0
"""How the quotas of a class look."""

from nova_lite.api import microversions, quotas

_SERVER_GROUPS = ('server_groups', 'server_group_members')


def limits(req, found, class_name=None):
    """The limits of a class; an answer to a change does not name it."""
    since = microversions.QUOTA_CLASS_SERVER_GROUPS
    names = [name for name in quotas.shown(req.version, network_gone=since)
             if req.version >= since or name not in _SERVER_GROUPS]
    shown = {} if class_name is None else {'id': class_name}
    return {'quota_class_set': shown | {name: found[name] for name in names}}
