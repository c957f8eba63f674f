# SPDX-License-Identifier: Apache-2.0
"""Pretended disks: a mark on the pretended guest. Images are never fetched."""

from nova_lite import errors
from nova_lite.virt.fake.hypervisor import Machine
from nova_lite.virt.interfaces import Disks

_NO_IMAGES = 'The fake driver has no image folder.'


class FakeDisks(Disks):
    """Disks of the pretended hypervisor."""

    image_folder = None

    def __init__(self, hypervisor):
        self._hypervisor = hypervisor

    def image_file(self, image):
        raise errors.Unsupported(_NO_IMAGES)

    def prepare_image(self, downloaded, image, target, task):
        raise errors.Unsupported(_NO_IMAGES)

    def create(self, guest, base, task, admin_password=None):
        def change():
            machine = self._hypervisor.machine(guest.uuid, defined=False) or Machine(guest.uuid, guest.name)
            machine.disks = True
            machine.disk_gb = guest.flavor.root_gb + guest.flavor.ephemeral_gb
            self._hypervisor.save(machine)
        self._hypervisor.act('create_disks', task, change)

    def describe(self, guest):
        return {'root_device_name': guest.root_device_name or '/dev/vda', 'config_drive': guest.config_drive}

    def remove(self, uuid, task):
        self._hypervisor.act('remove_disks', task, lambda: self._hypervisor.forget(uuid))

    def list(self):
        return {machine.uuid for machine in self._hypervisor.machines() if machine.disks}

    def images_in_use(self):
        return set()
