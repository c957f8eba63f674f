# SPDX-License-Identifier: Apache-2.0
"""`[workarounds]`: options that Placement has for its own limits."""

from oslo_config import cfg

GROUP = 'workarounds'
OPTS = [
    cfg.BoolOpt('optimize_for_wide_provider_trees', default=False, help="""
Accepted for compatibility: candidates are always generated with their constraints in view, whatever this says.
"""),
]
