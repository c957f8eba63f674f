# SPDX-License-Identifier: Apache-2.0
"""The first schema of a cell database."""

import sqlalchemy as sa
from alembic import op

from nova_lite.db import types

revision = '0001'
down_revision = None

_OPTIONS = {'mysql_engine': 'InnoDB', 'mysql_charset': 'utf8mb4', 'mysql_collate': 'utf8mb4_bin'}


def upgrade():
    op.create_table('conductors',
        sa.Column('id', sa.String(length=64), nullable=False),
        sa.Column('host', sa.String(length=255), nullable=False),
        sa.Column('lease_until', sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        **_OPTIONS)
    op.create_table('guests',
        sa.Column('server_uuid', sa.String(length=36), nullable=False),
        sa.Column('host', sa.String(length=255), nullable=False),
        sa.Column('power_state', sa.Integer(), nullable=False),
        sa.Column('boot_id', sa.String(length=64), nullable=False),
        sa.Column('sequence', sa.BigInteger(), nullable=False),
        sa.Column('updated_at', types.Time(), nullable=False),
        sa.PrimaryKeyConstraint('server_uuid'),
        **_OPTIONS)
    op.create_index('guests_host', 'guests', ['host'], unique=False)
    op.create_table('hosts',
        sa.Column('id', types.BigId, nullable=False),
        sa.Column('uuid', sa.String(length=36), nullable=False),
        sa.Column('host', sa.String(length=255), nullable=False),
        sa.Column('node', sa.String(length=255), nullable=False),
        sa.Column('generation', sa.Integer(), nullable=False),
        sa.Column('facts', types.Json(), nullable=False),
        sa.Column('created_at', types.Time(), nullable=False),
        sa.Column('updated_at', types.Time(), nullable=True),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('host', 'node', name='hosts_host_node'),
        sa.UniqueConstraint('uuid'),
        **_OPTIONS)
    op.create_table('orders',
        sa.Column('id', types.BigId, nullable=False),
        sa.Column('server_uuid', sa.String(length=36), nullable=False),
        sa.Column('operation', sa.String(length=64), nullable=False),
        sa.Column('action', sa.String(length=64), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('undoing', sa.Boolean(), nullable=False),
        sa.Column('open_key', sa.String(length=96), nullable=True),
        sa.Column('fence', sa.Integer(), nullable=False),
        sa.Column('owner', sa.String(length=64), nullable=True),
        sa.Column('wake_at', sa.Double(), nullable=True),
        sa.Column('input', types.Json(), nullable=False),
        sa.Column('secrets', types.LongText, nullable=True),
        sa.Column('request_id', sa.String(length=64), nullable=True),
        sa.Column('project_id', sa.String(length=255), nullable=True),
        sa.Column('user_id', sa.String(length=255), nullable=True),
        sa.Column('message', sa.String(length=255), nullable=True),
        sa.Column('explanation', types.Json(), nullable=True),
        sa.Column('created_at', types.Time(), nullable=False),
        sa.Column('updated_at', types.Time(), nullable=True),
        sa.Column('finished_at', types.Time(), nullable=True),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('open_key'),
        **_OPTIONS)
    op.create_index('orders_open', 'orders', ['state', 'wake_at'], unique=False)
    op.create_index('orders_request', 'orders', ['server_uuid', 'request_id'], unique=False)
    op.create_index('orders_server', 'orders', ['server_uuid', 'id'], unique=False)
    op.create_table('server_faults',
        sa.Column('server_uuid', sa.String(length=36), nullable=False),
        sa.Column('code', sa.Integer(), nullable=False),
        sa.Column('message', sa.String(length=255), nullable=False),
        sa.Column('details', types.LongText, nullable=True),
        sa.Column('host', sa.String(length=255), nullable=True),
        sa.Column('created_at', types.Time(), nullable=False),
        sa.PrimaryKeyConstraint('server_uuid'),
        **_OPTIONS)
    op.create_table('server_metadata',
        sa.Column('server_uuid', sa.String(length=36), nullable=False),
        sa.Column('key', sa.String(length=255), nullable=False),
        sa.Column('value', sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint('server_uuid', 'key'),
        **_OPTIONS)
    op.create_table('server_tags',
        sa.Column('server_uuid', sa.String(length=36), nullable=False),
        sa.Column('tag', sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint('server_uuid', 'tag'),
        **_OPTIONS)
    op.create_index('server_tags_tag', 'server_tags', ['tag'], unique=False)
    op.create_table('servers',
        sa.Column('id', types.BigId, nullable=False),
        sa.Column('uuid', sa.String(length=36), nullable=False),
        sa.Column('project_id', sa.String(length=255), nullable=False),
        sa.Column('user_id', sa.String(length=255), nullable=False),
        sa.Column('display_name', sa.String(length=255), nullable=False),
        sa.Column('description', sa.String(length=255), nullable=True),
        sa.Column('hostname', sa.String(length=255), nullable=False),
        sa.Column('vm_state', sa.String(length=32), nullable=False),
        sa.Column('task_state', sa.String(length=64), nullable=True),
        sa.Column('fence', sa.Integer(), nullable=False),
        sa.Column('host', sa.String(length=255), nullable=True),
        sa.Column('node', sa.String(length=255), nullable=True),
        sa.Column('availability_zone', sa.String(length=255), nullable=True),
        sa.Column('flavorid', sa.String(length=255), nullable=False),
        sa.Column('flavor', types.Json(), nullable=False),
        sa.Column('image_id', sa.String(length=36), nullable=False),
        sa.Column('image', types.Json(), nullable=True),
        sa.Column('key_name', sa.String(length=255), nullable=True),
        sa.Column('public_key', types.LongText, nullable=True),
        sa.Column('user_data', types.LongText, nullable=True),
        sa.Column('config_drive', sa.Boolean(), nullable=False),
        sa.Column('access_ip_v4', sa.String(length=39), nullable=True),
        sa.Column('access_ip_v6', sa.String(length=39), nullable=True),
        sa.Column('root_device_name', sa.String(length=255), nullable=True),
        sa.Column('disk_config', sa.String(length=16), nullable=False),
        sa.Column('locked_by', sa.String(length=16), nullable=True),
        sa.Column('locked_reason', sa.String(length=255), nullable=True),
        sa.Column('launch_index', sa.Integer(), nullable=False),
        sa.Column('reservation_id', sa.String(length=64), nullable=True),
        sa.Column('progress', sa.Integer(), nullable=False),
        sa.Column('scheduler_hints', types.Json(), nullable=True),
        sa.Column('trusted_certs', types.Json(), nullable=True),
        sa.Column('networks', types.Json(), nullable=True),
        sa.Column('created_at', types.Time(), nullable=False),
        sa.Column('updated_at', types.Time(), nullable=True),
        sa.Column('launched_at', types.Time(), nullable=True),
        sa.Column('terminated_at', types.Time(), nullable=True),
        sa.Column('deleted', sa.Boolean(), nullable=False),
        sa.Column('deleted_at', types.Time(), nullable=True),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('uuid'),
        **_OPTIONS)
    op.create_index('servers_created', 'servers', ['deleted', 'created_at'], unique=False)
    op.create_index('servers_host', 'servers', ['host', 'deleted'], unique=False)
    op.create_index('servers_project', 'servers', ['project_id', 'deleted', 'created_at'], unique=False)
    op.create_index('servers_reservation', 'servers', ['reservation_id'], unique=False)
    op.create_index('servers_updated', 'servers', ['updated_at'], unique=False)
    op.create_table('services',
        sa.Column('id', types.BigId, nullable=False),
        sa.Column('uuid', sa.String(length=36), nullable=False),
        sa.Column('host', sa.String(length=255), nullable=False),
        sa.Column('binary', sa.String(length=255), nullable=False),
        sa.Column('topic', sa.String(length=255), nullable=False),
        sa.Column('boot_id', sa.String(length=64), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('disabled', sa.Boolean(), nullable=False),
        sa.Column('disabled_reason', sa.String(length=255), nullable=True),
        sa.Column('forced_down', sa.Boolean(), nullable=False),
        sa.Column('last_seen', sa.Double(), nullable=False),
        sa.Column('last_seen_up', types.Time(), nullable=True),
        sa.Column('created_at', types.Time(), nullable=False),
        sa.Column('updated_at', types.Time(), nullable=True),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('host', 'binary', name='services_host_binary'),
        sa.UniqueConstraint('uuid'),
        **_OPTIONS)
    op.create_table('order_steps',
        sa.Column('id', types.BigId, nullable=False),
        sa.Column('order_id', types.BigId, nullable=False),
        sa.Column('attempt', sa.Integer(), nullable=False),
        sa.Column('step', sa.String(length=64), nullable=False),
        sa.Column('undoing', sa.Boolean(), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('result', types.Json(), nullable=True),
        sa.Column('message', types.LongText, nullable=True),
        sa.Column('host', sa.String(length=255), nullable=True),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('deadline', sa.Double(), nullable=False),
        sa.Column('progress', sa.Integer(), nullable=False),
        sa.Column('started_at', types.Time(), nullable=False),
        sa.Column('finished_at', types.Time(), nullable=True),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('order_id', 'attempt', 'step', 'undoing', name='order_steps_key'),
        **_OPTIONS)
    op.create_index('order_steps_host', 'order_steps', ['host', 'state'], unique=False)
