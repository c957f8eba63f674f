# SPDX-License-Identifier: Apache-2.0
"""The tables. Times are whole seconds since the epoch; texts compare byte by byte on every database.

`db/migrations/placement` creates them; a test compares the two.
"""

import sqlalchemy as sa

metadata = sa.MetaData()


def text(length):
    """A text column that knows no collation: MariaDB and MySQL get binary ones when the table is created."""
    return sa.String(length)


traits = sa.Table(
    'traits', metadata,
    sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('name', text(255), nullable=False),
    sa.Column('modified_at', sa.BigInteger, nullable=False),
    sa.UniqueConstraint('name', name='uniq_traits0name'))

# Standard classes have their index in os_resource_classes as id, custom ones begin at 10000.
resource_classes = sa.Table(
    'resource_classes', metadata,
    sa.Column('id', sa.Integer, primary_key=True, autoincrement=False),
    sa.Column('name', text(255), nullable=False),
    sa.Column('modified_at', sa.BigInteger, nullable=False),
    sa.UniqueConstraint('name', name='uniq_resource_classes0name'))

resource_providers = sa.Table(
    'resource_providers', metadata,
    sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('uuid', text(36), nullable=False),
    sa.Column('name', text(200), nullable=False),
    sa.Column('generation', sa.Integer, nullable=False),
    sa.Column('root_id', sa.Integer, sa.ForeignKey('resource_providers.id', name='fk_resource_providers_root')),
    sa.Column('parent_id', sa.Integer, sa.ForeignKey('resource_providers.id', name='fk_resource_providers_parent')),
    sa.Column('modified_at', sa.BigInteger, nullable=False),
    sa.UniqueConstraint('uuid', name='uniq_resource_providers0uuid'),
    sa.UniqueConstraint('name', name='uniq_resource_providers0name'),
    sa.Index('ix_resource_providers_root', 'root_id'),
    sa.Index('ix_resource_providers_parent', 'parent_id'),
    sqlite_autoincrement=True)

inventories = sa.Table(
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

resource_provider_traits = sa.Table(
    'resource_provider_traits', metadata,
    sa.Column('provider_id', sa.Integer, sa.ForeignKey('resource_providers.id', name='fk_provider_traits_provider'),
              primary_key=True, autoincrement=False),
    sa.Column('trait_id', sa.Integer, sa.ForeignKey('traits.id', name='fk_provider_traits_trait'),
              primary_key=True, autoincrement=False),
    sa.Index('ix_provider_traits_trait', 'trait_id'))

resource_provider_aggregates = sa.Table(
    'resource_provider_aggregates', metadata,
    sa.Column('provider_id', sa.Integer, sa.ForeignKey('resource_providers.id', name='fk_provider_aggregates_provider'),
              primary_key=True, autoincrement=False),
    sa.Column('aggregate_uuid', text(36), primary_key=True))

consumer_types = sa.Table(
    'consumer_types', metadata,
    sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('name', text(255), nullable=False),
    sa.UniqueConstraint('name', name='uniq_consumer_types0name'))

consumers = sa.Table(
    'consumers', metadata,
    sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('uuid', text(36), nullable=False),
    sa.Column('project_id', text(255), nullable=False),
    sa.Column('user_id', text(255), nullable=False),
    sa.Column('type_id', sa.Integer, sa.ForeignKey('consumer_types.id', name='fk_consumers_type')),
    sa.Column('generation', sa.Integer, nullable=False),
    sa.UniqueConstraint('uuid', name='uniq_consumers0uuid'),
    sa.Index('ix_consumers_project', 'project_id'),
    sa.Index('ix_consumers_type', 'type_id'),
    sqlite_autoincrement=True)

# The providers' key is not a foreign key: a claim holds the provider's row locked, a delete of the provider locks it
# too.
allocations = sa.Table(
    'allocations', metadata,
    sa.Column('consumer_id', sa.Integer, sa.ForeignKey('consumers.id', name='fk_allocations_consumer'),
              primary_key=True, autoincrement=False),
    sa.Column('provider_id', sa.Integer, primary_key=True, autoincrement=False),
    sa.Column('class_id', sa.Integer, primary_key=True, autoincrement=False),
    sa.Column('used', sa.Integer, nullable=False),
    sa.Column('modified_at', sa.BigInteger, nullable=False),
    sa.Index('ix_allocations_provider', 'provider_id', 'class_id', 'used'))

# `db/changes.py` explains these two.
lanes = sa.Table(
    'placement_lanes', metadata,
    sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('seq', sa.BigInteger, nullable=False),
    sa.Column('touched_at', sa.BigInteger, nullable=False),
    sqlite_autoincrement=True)

changes = sa.Table(
    'placement_changes', metadata,
    sa.Column('lane_id', sa.Integer, primary_key=True, autoincrement=False),
    sa.Column('seq', sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column('what', sa.Text, nullable=False))
