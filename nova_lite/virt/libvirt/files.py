# SPDX-License-Identifier: Apache-2.0
"""Where a guest's files are: one folder per guest below `instances_path`, and the image cache beside them."""

import re
from pathlib import Path

_UUID = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')


class Files:
    """Paths only; what is in them is the business of `disks` and `consoles`."""

    def __init__(self, instances: Path, images: str):
        self.instances = instances
        self.images = instances / images

    def folder(self, uuid):
        """The guest's folder. Raises ValueError for anything but a server's uuid: the folder may be deleted whole."""
        if not _UUID.fullmatch(uuid):
            raise ValueError(f'not a server uuid: {uuid!r}')
        return self.instances / uuid

    def root(self, uuid):
        """The root disk."""
        return self.folder(uuid) / 'disk'

    def root_made_of(self, uuid):
        """The file that says what the root disk is made of: its format, and the cached image below it.

        A disk that a guest has written is never asked itself, and libvirt may have made it unreadable for us.
        """
        return self.folder(uuid) / 'disk.made_of'

    def ephemeral(self, uuid):
        """The ephemeral disk."""
        return self.folder(uuid) / 'disk.eph0'

    def swap(self, uuid):
        """The swap disk."""
        return self.folder(uuid) / 'disk.swap'

    def config_drive(self, uuid):
        """The config drive."""
        return self.folder(uuid) / 'disk.config'

    def console(self, uuid):
        """What the guest has printed on its serial port."""
        return self.folder(uuid) / 'console.log'

    def guests(self):
        """The uuids of all guests that have a folder."""
        if not self.instances.is_dir():
            return set()
        return {path.name for path in self.instances.iterdir() if _UUID.fullmatch(path.name)}
