# SPDX-License-Identifier: Apache-2.0
"""Picks a host for a server and claims it: placement's allocation, then the server group's membership.

`select.py` is the whole pipeline. Owns no state that outlives a decision; writes nothing but claims.
"""
