# SPDX-License-Identifier: Apache-2.0
"""Filters: each asks one question of every candidate. One small file each; the table of all is `registry.py`."""
