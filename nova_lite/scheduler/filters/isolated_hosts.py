# SPDX-License-Identifier: Apache-2.0
"""IsolatedHostsFilter: listed images on listed hosts only."""

from nova_lite.scheduler.kinds import Filter


class IsolatedHostsFilter(Filter):
    """`isolated_images` go to `isolated_hosts`; others may go there too unless
    `restrict_isolated_hosts_to_isolated_images`.
    """

    def reason_against(self, host, request):
        options = self.conf.filter_scheduler
        isolated_host = host.host in options.isolated_hosts
        isolated_image = request.wish.image is not None and request.wish.image.id in options.isolated_images
        if isolated_image and not isolated_host:
            return 'is not for this isolated image'
        if isolated_host and not isolated_image and options.restrict_isolated_hosts_to_isolated_images:
            return 'is for isolated images only'
        return None
