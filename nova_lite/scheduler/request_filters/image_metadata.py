# SPDX-License-Identifier: Apache-2.0
"""transform_image_metadata: only hosts whose driver knows the devices that the image asks for."""

from nova_lite.scheduler.kinds import RequestFilter

_TRAITS = {
    'hw_cdrom_bus': 'COMPUTE_STORAGE_BUS_', 'hw_disk_bus': 'COMPUTE_STORAGE_BUS_',
    'hw_rescue_bus': 'COMPUTE_STORAGE_BUS_', 'hw_video_model': 'COMPUTE_GRAPHICS_MODEL_',
    'hw_vif_model': 'COMPUTE_NET_VIF_MODEL_', 'hw_viommu_model': 'COMPUTE_VIOMMU_MODEL_',
}


class ImageMetadata(RequestFilter):
    """On with `image_metadata_prefilter`: buses and models of the image become required traits."""

    def concerns(self, request):
        return self.conf.scheduler.image_metadata_prefilter and request.wish.image is not None

    def narrow(self, query, request):
        properties = request.image_properties()
        for name, prefix in _TRAITS.items():
            if properties.get(name):
                query.require(prefix + properties[name].upper().replace('-', '_'))
