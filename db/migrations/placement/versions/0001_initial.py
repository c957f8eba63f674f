# SPDX-License-Identifier: Apache-2.0
"""The first schema of placement."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None

metadata = sa.MetaData()
sa.Table(
    'traits', metadata,
    sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('modified_at', sa.BigInteger, nullable=False),
    sa.UniqueConstraint('name', name='uniq_traits0name'))
sa.Table(
    'resource_classes', metadata,
    sa.Column('id', sa.Integer, primary_key=True, autoincrement=False),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('modified_at', sa.BigInteger, nullable=False),
    sa.UniqueConstraint('name', name='uniq_resource_classes0name'))
sa.Table(
    'resource_providers', metadata,
    sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('uuid', sa.String(36), nullable=False),
    sa.Column('name', sa.String(200), nullable=False),
    sa.Column('generation', sa.Integer, nullable=False),
    sa.Column('root_id', sa.Integer, sa.ForeignKey('resource_providers.id', name='fk_resource_providers_root')),
    sa.Column('parent_id', sa.Integer, sa.ForeignKey('resource_providers.id', name='fk_resource_providers_parent')),
    sa.Column('modified_at', sa.BigInteger, nullable=False),
    sa.UniqueConstraint('uuid', name='uniq_resource_providers0uuid'),
    sa.UniqueConstraint('name', name='uniq_resource_providers0name'),
    sa.Index('ix_resource_providers_root', 'root_id'),
    sa.Index('ix_resource_providers_parent', 'parent_id'),
    sqlite_autoincrement=True)
sa.Table(
    'inventories', metadata,
    sa.Column('provider_id', sa.Integer, sa.ForeignKey('resource_providers.id', name='fk_inventories_provider'),
              primary_key=True, autoincrement=False),
    sa.Column('class_id', sa.Integer, sa.ForeignKey('resource_classes.id', name='fk_inventories_class'),
              primary_key=True, autoincrement=False),
    sa.Column('total', sa.Integer, nullable=False),
    sa.Column('reserved', sa.Integer, nullable=False),
    sa.Column('min_unit', sa.Integer, nullable=False),
    sa.Column('max_unit', sa.Integer, nullable=False),
    sa.Column('step_size', sa.Integer, nullable=False),
    sa.Column('allocation_ratio', sa.Double, nullable=False),
    sa.Column('modified_at', sa.BigInteger, nullable=False),
    sa.Index('ix_inventories_class', 'class_id'))
sa.Table(
    'resource_provider_traits', metadata,
    sa.Column('provider_id', sa.Integer, sa.ForeignKey('resource_providers.id', name='fk_provider_traits_provider'),
              primary_key=True, autoincrement=False),
    sa.Column('trait_id', sa.Integer, sa.ForeignKey('traits.id', name='fk_provider_traits_trait'),
              primary_key=True, autoincrement=False),
    sa.Index('ix_provider_traits_trait', 'trait_id'))
sa.Table(
    'resource_provider_aggregates', metadata,
    sa.Column('provider_id', sa.Integer, sa.ForeignKey('resource_providers.id', name='fk_provider_aggregates_provider'),
              primary_key=True, autoincrement=False),
    sa.Column('aggregate_uuid', sa.String(36), primary_key=True))
sa.Table(
    'consumer_types', metadata,
    sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('name', sa.String(255), nullable=False),
    sa.UniqueConstraint('name', name='uniq_consumer_types0name'))
sa.Table(
    'consumers', metadata,
    sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('uuid', sa.String(36), nullable=False),
    sa.Column('project_id', sa.String(255), nullable=False),
    sa.Column('user_id', sa.String(255), nullable=False),
    sa.Column('type_id', sa.Integer, sa.ForeignKey('consumer_types.id', name='fk_consumers_type')),
    sa.Column('generation', sa.Integer, nullable=False),
    sa.UniqueConstraint('uuid', name='uniq_consumers0uuid'),
    sa.Index('ix_consumers_project', 'project_id'),
    sa.Index('ix_consumers_type', 'type_id'),
    sqlite_autoincrement=True)
sa.Table(
    'allocations', metadata,
    sa.Column('consumer_id', sa.Integer, sa.ForeignKey('consumers.id', name='fk_allocations_consumer'),
              primary_key=True, autoincrement=False),
    sa.Column('provider_id', sa.Integer, primary_key=True, autoincrement=False),
    sa.Column('class_id', sa.Integer, primary_key=True, autoincrement=False),
    sa.Column('used', sa.Integer, nullable=False),
    sa.Column('modified_at', sa.BigInteger, nullable=False),
    sa.Index('ix_allocations_provider', 'provider_id', 'class_id', 'used'))
sa.Table(
    'placement_lanes', metadata,
    sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('seq', sa.BigInteger, nullable=False),
    sa.Column('touched_at', sa.BigInteger, nullable=False),
    sqlite_autoincrement=True)
sa.Table(
    'placement_changes', metadata,
    sa.Column('lane_id', sa.Integer, primary_key=True, autoincrement=False),
    sa.Column('seq', sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column('what', sa.Text, nullable=False))


def upgrade():
    """Create what is missing: a server that commits each statement by itself may have been stopped in between."""
    bind = op.get_bind()
    if bind.dialect.name == 'mysql':
        # Names compare byte by byte, spaces at the end included, as on the other databases.
        collation = 'utf8mb4_nopad_bin' if bind.dialect.is_mariadb else 'utf8mb4_0900_bin'
        for table in metadata.tables.values():
            table.dialect_options['mysql'].update(engine='InnoDB', charset='utf8mb4', collate=collation)
            if bind.dialect.is_mariadb:
                table.dialect_options['mariadb'].update(engine='InnoDB', charset='utf8mb4', collate=collation)
    for table in metadata.sorted_tables:
        table.create(bind, checkfirst=True)
        for index in table.indexes:
            index.create(bind, checkfirst=True)
