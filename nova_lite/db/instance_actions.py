# SPDX-License-Identifier: Apache-2.0
"""The journal as the API shows it: orders are a server's actions, their steps the events. Read only."""

import sqlalchemy as sa

from nova_lite import errors
from nova_lite.db import orders
from nova_lite.db.models import cell as models

_o = models.orders.c
_s = models.order_steps.c


class MarkerNotFound(errors.Invalid):
    """The server has no action with the request id that a page should begin after."""

    def __init__(self, marker):
        super().__init__(f'Marker {marker} could not be found.')


def page(tx, server_uuid, *, limit=None, marker=None, changes_since=None, changes_before=None):
    """A server's orders, newest first. `marker`: the request id of the last one of the page before."""
    query = sa.select(models.orders).where(_o.server_uuid == server_uuid)
    if marker is not None:
        last = get(tx, server_uuid, marker)
        if last is None:
            raise MarkerNotFound(marker)
        query = query.where(_o.id < last.id)
    if changes_since is not None:
        query = query.where(_o.updated_at >= changes_since)
    if changes_before is not None:
        query = query.where(_o.updated_at <= changes_before)
    return tx.execute(query.order_by(_o.id.desc()).limit(limit)).all()


def get(tx, server_uuid, request_id):
    """The newest order of a server that this request made, or None."""
    return tx.execute(sa.select(models.orders).where(
        _o.server_uuid == server_uuid, _o.request_id == request_id).order_by(_o.id.desc()).limit(1)).one_or_none()


def events(tx, order_id):
    """The steps of an order that were taken, newest first."""
    return tx.execute(sa.select(models.order_steps).where(
        _s.order_id == order_id, _s.state != orders.SKIPPED).order_by(_s.id.desc())).all()
