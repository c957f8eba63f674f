# SPDX-License-Identifier: Apache-2.0
"""require_image_type_support: only hosts whose driver can boot the image's disk format."""

from nova_lite.scheduler.kinds import RequestFilter


class ImageType(RequestFilter):
    """On with `query_placement_for_image_type_support`. A server that boots from a volume needs none."""

    def concerns(self, request):
        wish = request.wish
        return bool(self.conf.scheduler.query_placement_for_image_type_support and wish.image
                    and wish.image.disk_format and not wish.volume_backed)

    def narrow(self, query, request):
        query.require(f'COMPUTE_IMAGE_TYPE_{request.wish.image.disk_format.upper()}')
