# SPDX-License-Identifier: Apache-2.0
"""Rules: the list of extensions."""

from nova_lite.policies import base

EXTENSIONS = 'os_compute_api:extensions'

RULES = [
    base.rule(EXTENSIONS, base.ANYBODY, 'List the extensions, and show one.',
              'GET /extensions', 'GET /extensions/{alias}'),
]
