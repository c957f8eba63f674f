# SPDX-License-Identifier: Apache-2.0
"""Features of flavor or image that only some hosts have: each becomes a required trait.

packed_virtqueue_filter, virtio_sound_filter, accelerators_filter and tpm_secret_security_filter of Nova.
"""

from oslo_utils import strutils

from nova_lite.scheduler.kinds import RequestFilter

_TRUE = {
    'hw:virtio_packed_ring': 'COMPUTE_NET_VIRTIO_PACKED', 'hw_virtio_packed_ring': 'COMPUTE_NET_VIRTIO_PACKED',
}
_EQUAL = {
    ('hw:sound_model', 'virtio'): 'COMPUTE_SOUND_MODEL_VIRTIO',
    ('hw_sound_model', 'virtio'): 'COMPUTE_SOUND_MODEL_VIRTIO',
    ('hw:tpm_secret_security', 'user'): 'COMPUTE_SECURITY_TPM_SECRET_SECURITY_USER',
    ('hw:tpm_secret_security', 'host'): 'COMPUTE_SECURITY_TPM_SECRET_SECURITY_HOST',
    ('hw:tpm_secret_security', 'deployment'): 'COMPUTE_SECURITY_TPM_SECRET_SECURITY_DEPLOYMENT',
}
_PRESENT = {'accel:device_profile': 'COMPUTE_ACCELERATORS'}


class Features(RequestFilter):
    """Requires the trait of each feature that flavor or image asks for."""

    def narrow(self, query, request):
        for name, value in (request.specs | request.image_properties()).items():
            if name in _TRUE and strutils.bool_from_string(value):
                query.require(_TRUE[name])
            if (name, value) in _EQUAL:
                query.require(_EQUAL[name, value])
            if name in _PRESENT:
                query.require(_PRESENT[name])
