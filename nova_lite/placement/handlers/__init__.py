# SPDX-License-Identifier: Apache-2.0
"""The operations: each function takes a Call, and answers through it or raises a refusal."""
