# SPDX-License-Identifier: Apache-2.0
"""Runs this schema's scripts on the connection that `nova_lite.placement.db.migration` hands over, in its
transaction.
"""

from alembic import context

_attributes = context.config.attributes
context.configure(connection=_attributes['connection'], version_table=_attributes['version_table'],
                  render_as_batch=True)
context.run_migrations()
