# SPDX-License-Identifier: Apache-2.0
"""The REST face: what a client sends, and what it gets. Read `app.py` first, then `routes.py`.

A handler is thin: policy, query, view; the schema has been checked before it runs. No SQL here, no workflow, no driver.
"""
