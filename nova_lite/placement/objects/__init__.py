# SPDX-License-Identifier: Apache-2.0
"""What the nouns mean and which changes are allowed: one module per noun. Knows no HTTP and writes no SQL."""
