# SPDX-License-Identifier: Apache-2.0
"""What may be asked of nova-scheduler. Any scheduler answers."""

from nova_lite.messages import scheduling
from nova_lite.rpc.client import Client


class Scheduler(Client):
    topic = 'scheduler'

    def select(self, wish):
        """A host for the wish (`scheduling.Wish`), claimed: a `scheduling.Selection`."""
        return self._call('select', wish, reply=scheduling.Selection)
