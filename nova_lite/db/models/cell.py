# SPDX-License-Identifier: Apache-2.0
"""Tables of a cell database: servers, what is being done to them, and the hosts they live on."""

import sqlalchemy as sa

from nova_lite.db.types import BigId, Json, LongText, Time

metadata = sa.MetaData()


def _table(name, *columns):
    return sa.Table(name, metadata, *columns, mysql_engine='InnoDB', mysql_charset='utf8mb4',
                    mysql_collate='utf8mb4_bin')


# What the user wants. Written by api and conductor only; `fence` is the highest number any order of this server has
# been given, and grows with every adoption and every superseding order.
servers = _table(
    'servers',
    sa.Column('id', BigId, primary_key=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('project_id', sa.String(255), nullable=False),
    sa.Column('user_id', sa.String(255), nullable=False),
    sa.Column('display_name', sa.String(255), nullable=False),
    sa.Column('description', sa.String(255)),
    sa.Column('hostname', sa.String(255), nullable=False),
    sa.Column('vm_state', sa.String(32), nullable=False),
    sa.Column('task_state', sa.String(64)),
    sa.Column('fence', sa.Integer, nullable=False, default=0),
    sa.Column('host', sa.String(255)),
    sa.Column('node', sa.String(255)),
    sa.Column('availability_zone', sa.String(255)),
    sa.Column('flavorid', sa.String(255), nullable=False),
    sa.Column('flavor', Json, nullable=False),
    sa.Column('image_id', sa.String(36), nullable=False, default=''),
    sa.Column('image', Json),
    sa.Column('key_name', sa.String(255)),
    sa.Column('public_key', LongText),
    sa.Column('user_data', LongText),
    sa.Column('config_drive', sa.Boolean, nullable=False, default=False),
    sa.Column('access_ip_v4', sa.String(39)),
    sa.Column('access_ip_v6', sa.String(39)),
    sa.Column('root_device_name', sa.String(255)),
    sa.Column('disk_config', sa.String(16), nullable=False, default='MANUAL'),
    sa.Column('locked_by', sa.String(16)),
    sa.Column('locked_reason', sa.String(255)),
    sa.Column('launch_index', sa.Integer, nullable=False, default=0),
    sa.Column('reservation_id', sa.String(64)),
    sa.Column('progress', sa.Integer, nullable=False, default=0),
    sa.Column('scheduler_hints', Json),
    sa.Column('trusted_certs', Json),
    sa.Column('networks', Json),
    sa.Column('created_at', Time, nullable=False),
    sa.Column('updated_at', Time),
    sa.Column('launched_at', Time),
    sa.Column('terminated_at', Time),
    sa.Column('deleted', sa.Boolean, nullable=False, default=False),
    sa.Column('deleted_at', Time),
    sa.Index('servers_project', 'project_id', 'deleted', 'created_at'),
    sa.Index('servers_created', 'deleted', 'created_at'),
    sa.Index('servers_updated', 'updated_at'),
    sa.Index('servers_host', 'host', 'deleted'),
    sa.Index('servers_reservation', 'reservation_id'),
)

server_metadata = _table(
    'server_metadata',
    sa.Column('server_uuid', sa.String(36), primary_key=True),
    sa.Column('key', sa.String(255), primary_key=True),
    sa.Column('value', sa.String(255), nullable=False),
)

server_tags = _table(
    'server_tags',
    sa.Column('server_uuid', sa.String(36), primary_key=True),
    sa.Column('tag', sa.String(80), primary_key=True),
    sa.Index('server_tags_tag', 'tag'),
)

server_faults = _table(
    'server_faults',
    sa.Column('server_uuid', sa.String(36), primary_key=True),
    sa.Column('code', sa.Integer, nullable=False),
    sa.Column('message', sa.String(255), nullable=False),
    sa.Column('details', LongText),
    sa.Column('host', sa.String(255)),
    sa.Column('created_at', Time, nullable=False),
)

# What a host reports of a guest. The conductor is the only writer; (boot, sequence) keeps an old report out.
guests = _table(
    'guests',
    sa.Column('server_uuid', sa.String(36), primary_key=True),
    sa.Column('host', sa.String(255), nullable=False),
    sa.Column('power_state', sa.Integer, nullable=False),
    sa.Column('boot_id', sa.String(64), nullable=False, default=''),
    sa.Column('sequence', sa.BigInteger, nullable=False, default=0),
    sa.Column('updated_at', Time, nullable=False),
    sa.Index('guests_host', 'host'),
)

# One long operation: Nova's instance action. `open_key` is the server's uuid while an exclusive order is open, so
# that the database itself allows only one. `wake_at` (database's clock) is when somebody must look at it again.
orders = _table(
    'orders',
    sa.Column('id', BigId, primary_key=True),
    sa.Column('server_uuid', sa.String(36), nullable=False),
    sa.Column('operation', sa.String(64), nullable=False),
    sa.Column('action', sa.String(64), nullable=False),
    sa.Column('version', sa.Integer, nullable=False, default=0),
    sa.Column('state', sa.String(16), nullable=False),
    sa.Column('undoing', sa.Boolean, nullable=False, default=False),
    sa.Column('open_key', sa.String(96), unique=True),
    sa.Column('fence', sa.Integer, nullable=False),
    sa.Column('owner', sa.String(64)),
    sa.Column('wake_at', sa.Double),
    sa.Column('input', Json, nullable=False),
    sa.Column('secrets', LongText),
    sa.Column('request_id', sa.String(64)),
    sa.Column('project_id', sa.String(255)),
    sa.Column('user_id', sa.String(255)),
    sa.Column('message', sa.String(255)),
    sa.Column('explanation', Json),
    sa.Column('created_at', Time, nullable=False),
    sa.Column('updated_at', Time),
    sa.Column('finished_at', Time),
    sa.Index('orders_server', 'server_uuid', 'id'),
    sa.Index('orders_open', 'state', 'wake_at'),
    sa.Index('orders_request', 'server_uuid', 'request_id'),
)

# The journal: one row each (order, attempt, step, direction). Nova's instance action event.
order_steps = _table(
    'order_steps',
    sa.Column('id', BigId, primary_key=True),
    sa.Column('order_id', BigId, sa.ForeignKey('orders.id', ondelete='CASCADE'), nullable=False),
    sa.Column('attempt', sa.Integer, nullable=False),
    sa.Column('step', sa.String(64), nullable=False),
    sa.Column('undoing', sa.Boolean, nullable=False),
    sa.Column('state', sa.String(16), nullable=False),
    sa.Column('result', Json),
    sa.Column('message', LongText),
    sa.Column('host', sa.String(255)),
    sa.Column('tries', sa.Integer, nullable=False, default=0),
    sa.Column('deadline', sa.Double, nullable=False),
    sa.Column('progress', sa.Integer, nullable=False, default=0),
    sa.Column('started_at', Time, nullable=False),
    sa.Column('finished_at', Time),
    sa.UniqueConstraint('order_id', 'attempt', 'step', 'undoing', name='order_steps_key'),
    sa.Index('order_steps_host', 'host', 'state'),
)

# One row each conductor process; an order is owned while its owner's lease is in the future.
conductors = _table(
    'conductors',
    sa.Column('id', sa.String(64), primary_key=True),
    sa.Column('host', sa.String(255), nullable=False),
    sa.Column('lease_until', sa.Double, nullable=False),
)

services = _table(
    'services',
    sa.Column('id', BigId, primary_key=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('host', sa.String(255), nullable=False),
    sa.Column('binary', sa.String(255), nullable=False),
    sa.Column('topic', sa.String(255), nullable=False),
    sa.Column('boot_id', sa.String(64)),
    sa.Column('version', sa.Integer, nullable=False, default=0),
    sa.Column('disabled', sa.Boolean, nullable=False, default=False),
    sa.Column('disabled_reason', sa.String(255)),
    sa.Column('forced_down', sa.Boolean, nullable=False, default=False),
    sa.Column('last_seen', sa.Double, nullable=False),
    sa.Column('last_seen_up', Time),
    sa.Column('created_at', Time, nullable=False),
    sa.Column('updated_at', Time),
    sa.UniqueConstraint('host', 'binary', name='services_host_binary'),
)

# One hypervisor node. `generation` guards what placement does not count: pinned CPUs, NUMA cells, PCI devices.
hosts = _table(
    'hosts',
    sa.Column('id', BigId, primary_key=True),
    sa.Column('uuid', sa.String(36), nullable=False, unique=True),
    sa.Column('host', sa.String(255), nullable=False),
    sa.Column('node', sa.String(255), nullable=False),
    sa.Column('generation', sa.Integer, nullable=False, default=0),
    sa.Column('facts', Json, nullable=False),
    sa.Column('created_at', Time, nullable=False),
    sa.Column('updated_at', Time),
    sa.UniqueConstraint('host', 'node', name='hosts_host_node'),
)
