# SPDX-License-Identifier: Apache-2.0
"""Request filters: each narrows the question to placement, and checks on the hosts what the answer may not show."""
