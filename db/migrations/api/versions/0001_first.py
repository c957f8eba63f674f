# SPDX-License-Identifier: Apache-2.0
"""The first schema of the api database."""

import sqlalchemy as sa
from alembic import op

from nova_lite.db import types

revision = '0001'
down_revision = None

_OPTIONS = {'mysql_engine': 'InnoDB', 'mysql_charset': 'utf8mb4', 'mysql_collate': 'utf8mb4_bin'}


def upgrade():
    op.create_table('aggregates',
        sa.Column('id', types.BigId, nullable=False),
        sa.Column('uuid', sa.String(length=36), nullable=False),
        sa.Column('name', sa.String(length=255), nullable=False),
        sa.Column('generation', sa.Integer(), nullable=False),
        sa.Column('created_at', types.Time(), nullable=False),
        sa.Column('updated_at', types.Time(), nullable=True),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('name'),
        sa.UniqueConstraint('uuid'),
        **_OPTIONS)
    op.create_table('cells',
        sa.Column('id', types.BigId, nullable=False),
        sa.Column('uuid', sa.String(length=36), nullable=False),
        sa.Column('name', sa.String(length=255), nullable=False),
        sa.Column('database_connection', types.LongText, nullable=False),
        sa.Column('transport_url', types.LongText, nullable=True),
        sa.Column('disabled', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('name'),
        sa.UniqueConstraint('uuid'),
        **_OPTIONS)
    op.create_table('flavors',
        sa.Column('id', types.BigId, nullable=False),
        sa.Column('flavorid', sa.String(length=255), nullable=False),
        sa.Column('name', sa.String(length=255), nullable=False),
        sa.Column('vcpus', sa.Integer(), nullable=False),
        sa.Column('memory_mb', sa.Integer(), nullable=False),
        sa.Column('root_gb', sa.Integer(), nullable=False),
        sa.Column('ephemeral_gb', sa.Integer(), nullable=False),
        sa.Column('swap', sa.Integer(), nullable=False),
        sa.Column('rxtx_factor', sa.Float(), nullable=False),
        sa.Column('disabled', sa.Boolean(), nullable=False),
        sa.Column('is_public', sa.Boolean(), nullable=False),
        sa.Column('description', types.LongText, nullable=True),
        sa.Column('created_at', types.Time(), nullable=True),
        sa.Column('updated_at', types.Time(), nullable=True),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('flavorid'),
        sa.UniqueConstraint('name'),
        **_OPTIONS)
    op.create_table('keypairs',
        sa.Column('id', types.BigId, nullable=False),
        sa.Column('user_id', sa.String(length=255), nullable=False),
        sa.Column('name', sa.String(length=255), nullable=False),
        sa.Column('type', sa.String(length=16), nullable=False),
        sa.Column('fingerprint', sa.String(length=255), nullable=False),
        sa.Column('public_key', types.LongText, nullable=False),
        sa.Column('created_at', types.Time(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('user_id', 'name', name='keypairs_user_name'),
        **_OPTIONS)
    op.create_table('quota_class_limits',
        sa.Column('class_name', sa.String(length=255), nullable=False),
        sa.Column('resource', sa.String(length=64), nullable=False),
        sa.Column('hard_limit', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('class_name', 'resource'),
        **_OPTIONS)
    op.create_table('quota_limits',
        sa.Column('project_id', sa.String(length=255), nullable=False),
        sa.Column('user_id', sa.String(length=255), nullable=False),
        sa.Column('resource', sa.String(length=64), nullable=False),
        sa.Column('hard_limit', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('project_id', 'user_id', 'resource'),
        **_OPTIONS)
    op.create_table('quota_usages',
        sa.Column('project_id', sa.String(length=255), nullable=False),
        sa.Column('resource', sa.String(length=64), nullable=False),
        sa.Column('used', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('project_id', 'resource'),
        **_OPTIONS)
    op.create_table('server_groups',
        sa.Column('id', types.BigId, nullable=False),
        sa.Column('uuid', sa.String(length=36), nullable=False),
        sa.Column('name', sa.String(length=255), nullable=False),
        sa.Column('project_id', sa.String(length=255), nullable=False),
        sa.Column('user_id', sa.String(length=255), nullable=False),
        sa.Column('policy', sa.String(length=64), nullable=False),
        sa.Column('rules', types.Json(), nullable=True),
        sa.Column('generation', sa.Integer(), nullable=False),
        sa.Column('created_at', types.Time(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('uuid'),
        **_OPTIONS)
    op.create_index('server_groups_project', 'server_groups', ['project_id'], unique=False)
    op.create_table('server_locations',
        sa.Column('server_uuid', sa.String(length=36), nullable=False),
        sa.Column('cell', sa.String(length=255), nullable=False),
        sa.Column('project_id', sa.String(length=255), nullable=False),
        sa.Column('user_id', sa.String(length=255), nullable=True),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('cores', sa.Integer(), nullable=False),
        sa.Column('ram', sa.Integer(), nullable=False),
        sa.Column('created_at', types.Time(), nullable=False),
        sa.PrimaryKeyConstraint('server_uuid'),
        **_OPTIONS)
    op.create_index('server_locations_project', 'server_locations', ['project_id'], unique=False)
    op.create_index('server_locations_state', 'server_locations', ['state', 'created_at'], unique=False)
    op.create_table('aggregate_hosts',
        sa.Column('aggregate_id', types.BigId, nullable=False),
        sa.Column('host', sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(['aggregate_id'], ['aggregates.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('aggregate_id', 'host'),
        **_OPTIONS)
    op.create_index('aggregate_hosts_host', 'aggregate_hosts', ['host'], unique=False)
    op.create_table('aggregate_metadata',
        sa.Column('aggregate_id', types.BigId, nullable=False),
        sa.Column('key', sa.String(length=255), nullable=False),
        sa.Column('value', sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(['aggregate_id'], ['aggregates.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('aggregate_id', 'key'),
        **_OPTIONS)
    op.create_table('flavor_extra_specs',
        sa.Column('flavor_id', types.BigId, nullable=False),
        sa.Column('key', sa.String(length=255), nullable=False),
        sa.Column('value', sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(['flavor_id'], ['flavors.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('flavor_id', 'key'),
        **_OPTIONS)
    op.create_table('flavor_projects',
        sa.Column('flavor_id', types.BigId, nullable=False),
        sa.Column('project_id', sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(['flavor_id'], ['flavors.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('flavor_id', 'project_id'),
        **_OPTIONS)
    op.create_table('server_group_members',
        sa.Column('server_uuid', sa.String(length=36), nullable=False),
        sa.Column('group_uuid', sa.String(length=36), nullable=False),
        sa.Column('host', sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(['group_uuid'], ['server_groups.uuid'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('server_uuid'),
        **_OPTIONS)
    op.create_index('server_group_members_group', 'server_group_members', ['group_uuid'], unique=False)
