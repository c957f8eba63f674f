# SPDX-License-Identifier: Apache-2.0
"""One file per repair loop. A reconciler takes no input: it looks at the world and mends it, again and again.

Reconcilers never import each other. `PERIODIC` names those that run by themselves; the others run on a host's report.
"""
