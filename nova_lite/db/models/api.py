# SPDX-License-Identifier: Apache-2.0
"""Tables of the api database: what is known of the whole cloud, whichever cell a server lives in."""

import sqlalchemy as sa

from nova_lite.db.types import BigId, Json, LongText, Time

metadata = sa.MetaData()


def _table(name, *columns):
    return sa.Table(name, metadata, *columns, mysql_engine='InnoDB', mysql_charset='utf8mb4',
                    mysql_collate='utf8mb4_bin')


cells = _table(
    'cells',
    sa.Column('id', BigId, primary_key=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('name', sa.String(255), nullable=False, unique=True),
    sa.Column('database_connection', LongText, nullable=False),
    sa.Column('transport_url', LongText),
    sa.Column('disabled', sa.Boolean, nullable=False, default=False),
)

# Where each server lives, and what it counts against its project's quota. `creating` until the cell's own
# transaction is known to have happened; a reconciler confirms or removes what a crash left between the two.
server_locations = _table(
    'server_locations',
    sa.Column('server_uuid', sa.String(36), primary_key=True),
    sa.Column('cell', sa.String(255), nullable=False),
    sa.Column('project_id', sa.String(255), nullable=False),
    sa.Column('user_id', sa.String(255)),
    sa.Column('state', sa.String(16), nullable=False),
    sa.Column('cores', sa.Integer, nullable=False),
    sa.Column('ram', sa.Integer, nullable=False),
    sa.Column('created_at', Time, nullable=False),
    sa.Index('server_locations_project', 'project_id'),
    sa.Index('server_locations_state', 'state', 'created_at'),
)

flavors = _table(
    'flavors',
    sa.Column('id', BigId, primary_key=True),
    sa.Column('flavorid', sa.String(255), nullable=False, unique=True),
    sa.Column('name', sa.String(255), nullable=False, unique=True),
    sa.Column('vcpus', sa.Integer, nullable=False),
    sa.Column('memory_mb', sa.Integer, nullable=False),
    sa.Column('root_gb', sa.Integer, nullable=False),
    sa.Column('ephemeral_gb', sa.Integer, nullable=False, default=0),
    sa.Column('swap', sa.Integer, nullable=False, default=0),
    sa.Column('rxtx_factor', sa.Float, nullable=False, default=1.0),
    sa.Column('disabled', sa.Boolean, nullable=False, default=False),
    sa.Column('is_public', sa.Boolean, nullable=False, default=True),
    sa.Column('description', LongText),
    sa.Column('created_at', Time),
    sa.Column('updated_at', Time),
)

flavor_extra_specs = _table(
    'flavor_extra_specs',
    sa.Column('flavor_id', BigId, sa.ForeignKey('flavors.id', ondelete='CASCADE'), primary_key=True),
    sa.Column('key', sa.String(255), primary_key=True),
    sa.Column('value', sa.String(255), nullable=False),
)

flavor_projects = _table(
    'flavor_projects',
    sa.Column('flavor_id', BigId, sa.ForeignKey('flavors.id', ondelete='CASCADE'), primary_key=True),
    sa.Column('project_id', sa.String(255), primary_key=True),
)

keypairs = _table(
    'keypairs',
    sa.Column('id', BigId, primary_key=True),
    sa.Column('user_id', sa.String(255), nullable=False),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('type', sa.String(16), nullable=False),
    sa.Column('fingerprint', sa.String(255), nullable=False),
    sa.Column('public_key', LongText, nullable=False),
    sa.Column('created_at', Time, nullable=False),
    sa.UniqueConstraint('user_id', 'name', name='keypairs_user_name'),
)

aggregates = _table(
    'aggregates',
    sa.Column('id', BigId, primary_key=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('name', sa.String(255), nullable=False, unique=True),
    sa.Column('generation', sa.Integer, nullable=False, default=0),
    sa.Column('created_at', Time, nullable=False),
    sa.Column('updated_at', Time),
)

aggregate_hosts = _table(
    'aggregate_hosts',
    sa.Column('aggregate_id', BigId, sa.ForeignKey('aggregates.id', ondelete='CASCADE'), primary_key=True),
    sa.Column('host', sa.String(255), primary_key=True),
    sa.Index('aggregate_hosts_host', 'host'),
)

aggregate_metadata = _table(
    'aggregate_metadata',
    sa.Column('aggregate_id', BigId, sa.ForeignKey('aggregates.id', ondelete='CASCADE'), primary_key=True),
    sa.Column('key', sa.String(255), primary_key=True),
    sa.Column('value', sa.String(255), nullable=False),
)

# `generation` grows with every placement of a member: who chose a host from an older one loses and chooses again.
server_groups = _table(
    'server_groups',
    sa.Column('id', BigId, primary_key=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('project_id', sa.String(255), nullable=False),
    sa.Column('user_id', sa.String(255), nullable=False),
    sa.Column('policy', sa.String(64), nullable=False),
    sa.Column('rules', Json),
    sa.Column('generation', sa.Integer, nullable=False, default=0),
    sa.Column('created_at', Time, nullable=False),
    sa.Index('server_groups_project', 'project_id'),
)

server_group_members = _table(
    'server_group_members',
    sa.Column('server_uuid', sa.String(36), primary_key=True),
    sa.Column('group_uuid', sa.String(36),
              sa.ForeignKey('server_groups.uuid', ondelete='CASCADE'), nullable=False),
    sa.Column('host', sa.String(255)),
    sa.Index('server_group_members_group', 'group_uuid'),
)

quota_limits = _table(
    'quota_limits',
    sa.Column('project_id', sa.String(255), primary_key=True),
    sa.Column('user_id', sa.String(255), primary_key=True, default=''),
    sa.Column('resource', sa.String(64), primary_key=True),
    sa.Column('hard_limit', sa.Integer, nullable=False),
)

quota_class_limits = _table(
    'quota_class_limits',
    sa.Column('class_name', sa.String(255), primary_key=True),
    sa.Column('resource', sa.String(64), primary_key=True),
    sa.Column('hard_limit', sa.Integer, nullable=False),
)

quota_usages = _table(
    'quota_usages',
    sa.Column('project_id', sa.String(255), primary_key=True),
    sa.Column('resource', sa.String(64), primary_key=True),
    sa.Column('used', sa.BigInteger, nullable=False, default=0),
)
