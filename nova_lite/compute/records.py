# SPDX-License-Identifier: Apache-2.0
"""What this host must not forget of each server: the highest fence seen, and the ends of jobs. One small file each.

A save is on the disk when it returns. Secrets and guests' descriptions are never written here.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from oslo_log import log

from nova_lite.messages import jobs

LOG = log.getLogger(__name__)


class End(msgspec.Struct):
    """How one job ended. `told` says that the conductor has it. Times are seconds since the epoch."""

    key: jobs.Key
    fence: int
    status: jobs.Status
    ended_at: float
    told: bool = False


class Record(msgspec.Struct):
    """`undone` lists the (order, attempt) pairs whose undoing was seen under the present fence."""

    fence: int = -1
    undone: list[tuple[int, int]] = []
    ends: list[End] = []
    saved_at: float = 0.0

    def end(self, key):
        """The end of the job `key`, or None."""
        return next((end for end in self.ends if end.key == key), None)


class Records:
    """The folder of the files. Whoever calls keeps two threads from saving the same server at once."""

    def __init__(self, folder):
        self._folder = Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def load(self, server_uuid):
        """The server's record; an empty one if there is none yet, or none that can be read."""
        path = self._path(server_uuid)
        try:
            return msgspec.json.decode(path.read_bytes(), type=Record)
        except FileNotFoundError:
            return Record()
        except msgspec.MsgspecError as error:
            # A disk that lies, or an editor. Without the fence late messages are not refused, with no work at all
            # the server would be lost.
            LOG.error('%s is not a record and is put aside: %s', path, error)
            os.replace(path, path.with_suffix('.unreadable'))
            return Record()

    def save(self, server_uuid, record):
        """Write the record so that it survives a power cut. Raises OSError if the disk does not take it."""
        path = self._path(server_uuid)
        temporary = path.with_suffix('.new')
        with open(temporary, 'wb') as file:
            file.write(msgspec.json.encode(record))
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        self._sync_folder()

    def delete(self, server_uuid):
        """Forget the server."""
        self._path(server_uuid).unlink(missing_ok=True)

    def servers(self):
        """The uuids of all servers that have a record."""
        return [path.stem for path in self._folder.glob('*.json')]

    def _path(self, server_uuid):
        if not server_uuid or '/' in server_uuid or server_uuid.startswith('.'):
            raise ValueError(f'not a server uuid: {server_uuid!r}')
        return self._folder / f'{server_uuid}.json'

    def _sync_folder(self):
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
