# SPDX-License-Identifier: Apache-2.0
"""Quota limits: which there are, and queries on those of classes, projects and users (api database).

What rules is the most particular: a user's row, a project's, the class `default`'s, else [quota] of nova.conf. -1 is no
limit. Usages are `quotas.py`'s.
"""

import sqlalchemy as sa

from nova_lite.db.models import api as models
from nova_lite.db.upsert import upsert

_L = models.quota_limits
_C = models.quota_class_limits

DEFAULT_CLASS = 'default'
UNLIMITED = -1

# What Nova once had for networks: never limited.
NETWORK = ('fixed_ips', 'floating_ips', 'security_groups', 'security_group_rules')
FILES = ('injected_files', 'injected_file_content_bytes', 'injected_file_path_bytes')

# The API's name -> option of [quota].
_OPTIONS = {
    'cores': 'cores', 'injected_files': 'injected_files',
    'injected_file_content_bytes': 'injected_file_content_bytes',
    'injected_file_path_bytes': 'injected_file_path_length', 'instances': 'instances', 'key_pairs': 'key_pairs',
    'metadata_items': 'metadata_items', 'ram': 'ram', 'server_groups': 'server_groups',
    'server_group_members': 'server_group_members',
}
RESOURCES = (*_OPTIONS, *NETWORK)


def is_off(conf):
    """Whether nothing is limited, whatever rows say."""
    return conf.quota.driver.endswith('NoopQuotaDriver')


def defaults(conf):
    """resource -> limit where no row says otherwise."""
    if is_off(conf):
        return dict.fromkeys(RESOURCES, UNLIMITED)
    return {name: conf.quota[option] for name, option in _OPTIONS.items()} | dict.fromkeys(NETWORK, UNLIMITED)


def of_class(tx, conf, class_name=DEFAULT_CLASS):
    """resource -> limit of a class."""
    if is_off(conf):
        return defaults(conf)
    rows = tx.execute(sa.select(_C.c.resource, _C.c.hard_limit).where(_C.c.class_name == class_name)).all()
    return defaults(conf) | dict(rows)


def of_project(tx, conf, project_id):
    """resource -> limit of a project."""
    return of_class(tx, conf) | ({} if is_off(conf) else _rows(tx, project_id, ''))


def of_user(tx, conf, project_id, user_id):
    """resource -> limit of a user in a project."""
    return of_project(tx, conf, project_id) | ({} if is_off(conf) else _rows(tx, project_id, user_id))


def of_project_and_user(tx, conf, project_id, user_id):
    """(resource -> limit of a project, the same of a user in it), in two statements."""
    limits = of_class(tx, conf)
    if is_off(conf):
        return limits, limits
    rows = tx.execute(sa.select(_L.c.user_id, _L.c.resource, _L.c.hard_limit).where(
        _L.c.project_id == project_id, _L.c.user_id.in_(('', user_id)))).all()
    limits = limits | {row.resource: row.hard_limit for row in rows if row.user_id == ''}
    return limits, limits | {row.resource: row.hard_limit for row in rows if row.user_id == user_id}


def set_limits(tx, project_id, user_id, limits):
    """Keep limits (resource -> number) of a project (`user_id` None) or of a user in it."""
    for resource, limit in limits.items():
        keys = {'project_id': project_id, 'user_id': user_id or '', 'resource': resource}
        upsert(tx, _L, keys, {'hard_limit': limit}, {})


def set_class_limits(tx, class_name, limits):
    """Keep limits (resource -> number) of a class."""
    for resource, limit in limits.items():
        upsert(tx, _C, {'class_name': class_name, 'resource': resource}, {'hard_limit': limit}, {})


def delete(tx, project_id, user_id=None):
    """Forget the limits of a user in a project, or (without one) of the project and everybody in it."""
    query = _L.delete().where(_L.c.project_id == project_id)
    if user_id is not None:
        query = query.where(_L.c.user_id == user_id)
    tx.execute(query)


def usage_of_user(tx, project_id, user_id):
    """instances, cores and ram that a user's servers take of a project's."""
    t = models.server_locations
    row = tx.execute(sa.select(
        sa.func.count(), sa.func.coalesce(sa.func.sum(t.c.cores), 0), sa.func.coalesce(sa.func.sum(t.c.ram), 0),
    ).where(t.c.project_id == project_id, t.c.user_id == user_id)).one()
    return dict(zip(('instances', 'cores', 'ram'), map(int, row), strict=True))


def _rows(tx, project_id, user_id):
    return dict(tx.execute(sa.select(_L.c.resource, _L.c.hard_limit).where(
        _L.c.project_id == project_id, _L.c.user_id == user_id)).all())
