# SPDX-License-Identifier: Apache-2.0
"""What a body and a query may hold, by microversion: one file per noun. Data only; `validation.py` reads it."""
