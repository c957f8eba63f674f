# SPDX-License-Identifier: Apache-2.0
"""Weighers: each says how good a host is in one respect. One small file each; the table of all is `registry.py`."""
