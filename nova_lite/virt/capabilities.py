# SPDX-License-Identifier: Apache-2.0
"""What a driver can do, in Nova's words, and the standard traits that say so in placement."""

import msgspec

# image formats a driver boots -> its trait is COMPUTE_IMAGE_TYPE_<FORMAT>
IMAGE_FORMATS = ('aki', 'ami', 'ari', 'iso', 'ploop', 'qcow2', 'raw', 'vdi', 'vhd', 'vhdx', 'vmdk')

_TRAITS = {
    'accelerators': 'COMPUTE_ACCELERATORS',
    'address_space_emulated': 'COMPUTE_ADDRESS_SPACE_EMULATED',
    'address_space_passthrough': 'COMPUTE_ADDRESS_SPACE_PASSTHROUGH',
    'attach_interface': 'COMPUTE_NET_ATTACH_INTERFACE',
    'bfv_rescue': 'COMPUTE_RESCUE_BFV',
    'device_tagging': 'COMPUTE_DEVICE_TAGGING',
    'ephemeral_encryption': 'COMPUTE_EPHEMERAL_ENCRYPTION',
    'ephemeral_encryption_luks': 'COMPUTE_EPHEMERAL_ENCRYPTION_LUKS',
    'ephemeral_encryption_plain': 'COMPUTE_EPHEMERAL_ENCRYPTION_PLAIN',
    'extend_volume': 'COMPUTE_VOLUME_EXTEND',
    'mem_backing_file': 'COMPUTE_MEM_BACKING_FILE',
    'migrate_to_same_host': 'COMPUTE_SAME_HOST_COLD_MIGRATE',
    'multiattach': 'COMPUTE_VOLUME_MULTI_ATTACH',
    'remote_managed_ports': 'COMPUTE_REMOTE_MANAGED_PORTS',
    'secure_boot': 'COMPUTE_SECURITY_UEFI_SECURE_BOOT',
    'socket_pci_numa_affinity': 'COMPUTE_SOCKET_PCI_NUMA_AFFINITY',
    'stateless_firmware': 'COMPUTE_SECURITY_STATELESS_FIRMWARE',
    'tagged_attach_interface': 'COMPUTE_NET_ATTACH_INTERFACE_WITH_TAG',
    'tagged_attach_volume': 'COMPUTE_VOLUME_ATTACH_WITH_TAG',
    'trusted_certs': 'COMPUTE_TRUSTED_CERTS',
    'virtio_fs': 'COMPUTE_STORAGE_VIRTIO_FS',
}


class Capabilities(msgspec.Struct, frozen=True):
    """`supports` holds words of the table above, `image_formats` the disk formats that can be booted."""

    supports: frozenset[str] = frozenset()
    image_formats: frozenset[str] = frozenset()

    def __post_init__(self):
        for given, known in ((self.supports, _TRAITS), (self.image_formats, IMAGE_FORMATS)):
            unknown = given - set(known)
            if unknown:
                raise ValueError(f'unknown capability: {", ".join(sorted(unknown))}')


def traits(capabilities, excluded_formats=()):
    """Trait -> whether a node with these capabilities has it, for every trait that this module rules over.

    `excluded_formats` are formats that the operator does not want booted here (`image_type_exclude_list`).
    """
    found = {trait: word in capabilities.supports for word, trait in _TRAITS.items()}
    bootable = capabilities.image_formats - set(excluded_formats)
    found.update({'COMPUTE_IMAGE_TYPE_' + name.upper(): name in bootable for name in IMAGE_FORMATS})
    return found
