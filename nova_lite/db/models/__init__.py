# SPDX-License-Identifier: Apache-2.0
"""The tables: `api` (one for the cloud) and `cell` (one each cell). Columns only, no queries."""
