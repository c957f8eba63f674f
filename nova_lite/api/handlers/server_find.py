# SPDX-License-Identifier: Apache-2.0
"""Finding one server for a request, whichever cell it is in, and what belongs to it. No policy here."""

import dataclasses
import typing

from nova_lite import errors
from nova_lite.db import locations, server_lists
from nova_lite.db.engine import DatabaseUnavailable
from nova_lite.operations.begin import ServerNotFound


class CellDown(errors.Unavailable):
    """The server's cell does not answer. `location`: what is known of the server without it."""

    def __init__(self, location):
        super().__init__(f'What holds server {location.server_uuid} does not answer.')
        self.location = location


@dataclasses.dataclass(frozen=True)
class Found:
    """A server's row with `power_state`, and its cell."""

    row: typing.Any
    cell: str

    @property
    def target(self):
        """What policy is asked about."""
        return {'project_id': self.row.project_id, 'user_id': self.row.user_id}


def find(req, uuid, *, deleted=False, of_any_project=False):
    """The server; a deleted one only when asked. Raises ServerNotFound, CellDown, Unavailable.

    What other projects have does not exist for users, whatever the policy says, unless `of_any_project`: as in Nova. A
    server that is being deleted has lost its location before its row is closed, and a deleted one has none: then every
    cell is asked.
    """
    with req.cells.api.read() as tx:
        location = locations.get(tx, uuid)
    if location is not None and not of_any_project:
        _refuse_to_others(req, location.project_id, uuid)
    names = req.cells.names() if location is None else [location.cell]
    unavailable = None
    for name in names:
        try:
            with req.cells.get(name).read() as tx:
                row = server_lists.get(tx, uuid, deleted=deleted)
        except DatabaseUnavailable as error:
            unavailable = error
            continue
        if row is not None:
            if not of_any_project:
                _refuse_to_others(req, row.project_id, uuid)
            return Found(row, name)
    if unavailable is None:
        raise ServerNotFound(uuid)
    if location is None:
        raise unavailable
    raise CellDown(location) from unavailable


def _refuse_to_others(req, project_id, uuid):
    context = req.context
    if not context.is_admin and context.user_id and context.project_id and context.project_id != project_id:
        raise ServerNotFound(uuid)
