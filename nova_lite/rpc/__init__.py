# SPDX-License-Identifier: Apache-2.0
"""How daemons talk: the only home of oslo.messaging.

A message wakes or asks; it never holds the truth. Whoever sends one must live with its loss (`Unavailable`: the outcome
is unknown). Payloads and replies are Structs of `nova_lite.messages`.
"""

CONDUCTOR = 'conductor'
SCHEDULER = 'scheduler'
COMPUTE = 'compute'
