# SPDX-License-Identifier: Apache-2.0
"""Alembic scripts of the three schemas: api, cell, placement. Installed as `nova_lite.migrations`."""
