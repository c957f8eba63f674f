# SPDX-License-Identifier: Apache-2.0
"""The schema of the placement service, step by step (alembic). Its versions are in the table
`placement_alembic_version`.
"""
