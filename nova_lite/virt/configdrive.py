# SPDX-License-Identifier: Apache-2.0
"""Writes a config drive: a small file system with the label that guests look for."""

import os
import shutil
import tempfile
from pathlib import Path

from oslo_concurrency import processutils

from nova_lite import errors

LABEL = 'config-2'
_VFAT_BYTES = 64 * 1024 * 1024
_PREFIX = 'configdrive.'


def write(path, files, file_system, mkisofs):
    """Make the config drive `path` of `files` (path -> bytes), complete or not at all.

    `file_system` is iso9660 or vfat, `mkisofs` the command for the former. The user's data is never in a folder that
    others may read. Raises Unsupported if this host lacks the tools, processutils.ProcessExecutionError if they fail.
    """
    path = Path(path)
    for tool in ('mkfs.vfat', 'mcopy') if file_system == 'vfat' else (mkisofs,):
        if not shutil.which(tool):
            raise errors.Unsupported(f'This host cannot make config drives: {tool} is not installed.')
    for left_over in path.parent.glob(_PREFIX + '*'):
        shutil.rmtree(left_over, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=_PREFIX) as folder:
        content, drive = Path(folder, 'content'), Path(folder, 'drive')
        for name, data in files.items():
            target = content / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        (_write_vfat if file_system == 'vfat' else _write_iso)(drive, content, mkisofs)
        os.chmod(drive, 0o640)
        os.replace(drive, path)


def _write_iso(drive, content, mkisofs):
    # -quiet keeps the log clean; the EC2 and OpenStack names need Joliet and Rock Ridge to keep their case and length.
    processutils.execute(
        mkisofs, '-o', str(drive), '-ldots', '-allow-lowercase', '-allow-multidot', '-l', '-quiet', '-J', '-r',
        '-V', LABEL, str(content))


def _write_vfat(drive, content, _mkisofs):
    with open(drive, 'wb') as file:
        file.truncate(_VFAT_BYTES)
    processutils.execute('mkfs.vfat', '-n', LABEL, str(drive))
    processutils.execute('mcopy', '-s', '-i', str(drive), *[str(found) for found in sorted(content.iterdir())], '::')
