# SPDX-License-Identifier: Apache-2.0
"""Other services, over HTTP only: what they are asked, how they answer. No policy, no retries of what has effects."""
