# SPDX-License-Identifier: Apache-2.0
"""Runs this schema's scripts on the connection that `nova_lite.db.migrate` hands over."""

from alembic import context

attributes = context.config.attributes
context.configure(
    connection=attributes['connection'], target_metadata=attributes['metadata'],
    version_table=f'alembic_version_{attributes["schema"]}', render_as_batch=True, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
