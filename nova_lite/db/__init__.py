# SPDX-License-Identifier: Apache-2.0
"""The only home of SQLAlchemy outside placement: tables, engines, cells, and one query module per noun.

A query function takes a connection inside a transaction (`tx`) first and never opens, commits or retries one.
No RPC, no HTTP, no policy here.
"""
