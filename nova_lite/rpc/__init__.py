# SPDX-License-Identifier: Apache-2.0
"""How daemons talk: the only home of oslo.messaging.

A message wakes or asks; it never holds the truth. Whoever sends one must live with its loss (`Unavailable`: the outcome
is unknown). Payloads and replies are Structs of `nova_lite.messages`.
"""

import warnings

# oslo.messaging imports eventlet whether it is used or not; who chose eventlet knows what its authors say.
warnings.filterwarnings('ignore', message=r'\s*Eventlet is deprecated')

CONDUCTOR = 'conductor'
SCHEDULER = 'scheduler'
COMPUTE = 'compute'
