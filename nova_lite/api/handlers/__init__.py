# SPDX-License-Identifier: Apache-2.0
"""What each operation does: one file per noun, one function per operation (`operation.py`)."""
