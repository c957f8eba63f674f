# SPDX-License-Identifier: Apache-2.0
"""Writes the archive format that the Linux kernel unpacks as its first file system (cpio, "newc").

Format: Documentation/driver-api/early-userspace/buffer-format.rst of the kernel.
"""

FOLDER, FILE, LINK = 0o040755, 0o100644, 0o120777


class Archive:
    """An archive in memory; every entry belongs to root and has no date, so that equal input gives equal bytes."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._count = 0

    def folder(self, path: str) -> None:
        self._add(path, FOLDER, b'')

    def file(self, path: str, content: bytes, executable: bool = False) -> None:
        self._add(path, FILE | (0o111 if executable else 0), content)

    def link(self, path: str, target: str) -> None:
        self._add(path, LINK, target.encode())

    def finish(self) -> bytes:
        """The archive's bytes."""
        self._add('TRAILER!!!', 0, b'')
        return b''.join(self._parts)

    def _add(self, path: str, mode: int, content: bytes) -> None:
        self._count += 1
        name = path.encode() + b'\0'
        # inode, mode, uid, gid, links, mtime, size, device (2), rdevice (2), length of the name, check sum
        fields = (self._count, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name), 0)
        header = b'070701' + b''.join(b'%08X' % field for field in fields)
        self._parts += [_padded(header + name), _padded(content)]


def _padded(data: bytes) -> bytes:
    return data + b'\0' * (-len(data) % 4)
