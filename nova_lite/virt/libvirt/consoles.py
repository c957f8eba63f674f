# SPDX-License-Identifier: Apache-2.0
"""What guests print: the end of the file that libvirt keeps of their serial port."""

import libvirt

from nova_lite import errors
from nova_lite.virt.interfaces import Consoles, GuestNotFound

# As much of a console as Nova gives, and as much as a message should hold.
_MOST_BYTES = 102400


class LibvirtConsoles(Consoles):
    """Consoles of one hypervisor's guests."""

    def __init__(self, connection, files):
        self._connection = connection
        self._files = files

    def log(self, uuid, length):
        path = self._files.console(uuid)
        if not path.exists():
            try:
                self._connection.run(lambda connection: connection.lookupByUUIDString(uuid))
            except libvirt.libvirtError as error:
                if error.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN:
                    raise GuestNotFound() from error
                raise
            return ''
        try:
            text = _read(path)
        except PermissionError as error:
            # libvirt's logger makes the file for root only.
            raise errors.Unsupported('The console log cannot be read by the user that runs nova-compute.') from error
        lines = text.decode(errors='replace').splitlines(keepends=True)
        return ''.join(lines if length is None else lines[-length:] if length else [])


def _read(path):
    text = _end_of(path, _MOST_BYTES)
    # libvirt's logger starts a new file when one is full and keeps the old one beside it.
    older = path.with_name(path.name + '.0')
    if len(text) < _MOST_BYTES and older.exists():
        text = _end_of(older, _MOST_BYTES - len(text)) + text
    return text


def _end_of(path, size):
    with open(path, 'rb') as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - size))
        return file.read(size)
