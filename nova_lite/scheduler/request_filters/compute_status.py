# SPDX-License-Identifier: Apache-2.0
"""compute_status_filter: no host that its own nova-compute has marked as disabled."""

from nova_lite.scheduler.kinds import RequestFilter


class ComputeStatus(RequestFilter):
    """Forbids the trait COMPUTE_STATUS_DISABLED; ComputeFilter looks at the service itself."""

    def narrow(self, query, request):
        query.forbid('COMPUTE_STATUS_DISABLED')
