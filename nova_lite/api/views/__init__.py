# SPDX-License-Identifier: Apache-2.0
"""What an answer looks like, by microversion: one file per noun. Pure functions of rows; no query, no policy."""
