# SPDX-License-Identifier: Apache-2.0
"""BuildFailureWeigher: hosts on which builds fail come last."""

from nova_lite.scheduler.kinds import Weigher


class BuildFailureWeigher(Weigher):
    option = 'build_failure_weight_multiplier'
    counts = ('build_failures',)

    def weight(self, host, request):
        return -host.build_failures
