# SPDX-License-Identifier: Apache-2.0
"""Rules: limits."""

from nova_lite.policies import base

LIMITS = 'os_compute_api:limits'
OTHER_PROJECT = 'os_compute_api:limits:other_project'

RULES = [
    base.rule(LIMITS, base.ANYBODY, "Show the limits of one's own project.", 'GET /limits'),
    base.rule(OTHER_PROJECT, base.ADMIN, 'Show the limits of another project.',
              'GET /limits', replaces='os_compute_api:os-used-limits'),
]
