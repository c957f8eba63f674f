# SPDX-License-Identifier: Apache-2.0
"""What nova-scheduler answers. One message."""

from oslo_log import log

from nova_lite.messages.scheduling import Selection, Wish
from nova_lite.scheduler import select as selecting

LOG = log.getLogger(__name__)


class Endpoint:
    """RPC methods of topic `scheduler`."""

    def __init__(self, parts):
        self._parts = parts

    def select(self, context, request: Wish) -> Selection:
        """A host for a server, claimed; asked twice for the same order and attempt, it gives the same claim.

        Raises Conflict when the order has gone on without the asker, Unavailable when the outcome is unknown.
        """
        selection = selecting.select(request, self._parts)
        if selection.destination is None:
            LOG.info('No valid host for server %s: %s', request.server_uuid, _last(selection.explanation))
        else:
            LOG.info('Server %s goes to %s', request.server_uuid, selection.destination.host)
        return selection


def _last(explanation):
    if not explanation.stages:
        return 'nothing was asked'
    stage = explanation.stages[-1]
    return f'{stage.stage} left {stage.after} of {stage.before}: {stage.reason}'
