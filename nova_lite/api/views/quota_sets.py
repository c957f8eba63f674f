# SPDX-License-Identifier: Apache-2.0
"""How quotas look."""

from nova_lite.api import quotas


def limits(req, found, project_id=None):
    """The limits of a project or a user; an answer to a change names no project."""
    shown = {} if project_id is None else {'id': project_id}
    return {'quota_set': shown | {name: found[name] for name in quotas.shown(req.version)}}


def usages(req, found, used, project_id):
    """The limits with what is used of them. Nothing is ever reserved."""
    return {'quota_set': {'id': project_id} | {
        name: {'limit': found[name], 'in_use': used[name], 'reserved': 0} for name in quotas.shown(req.version)}}
