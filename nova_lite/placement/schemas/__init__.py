# SPDX-License-Identifier: Apache-2.0
"""JSON schemas of bodies and queries, one module per noun; `validation.py` compiles them."""
