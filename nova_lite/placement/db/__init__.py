# SPDX-License-Identifier: Apache-2.0
"""The only home of SQL in placement: the tables, the engine, and one module of queries per noun."""
