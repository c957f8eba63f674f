# SPDX-License-Identifier: Apache-2.0
"""Queries on key pairs (api database). A name is unique for each user. Private keys are never stored."""

import sqlalchemy as sa
from oslo_db import exception as db_exc

from nova_lite import errors
from nova_lite.db.models import api as models

_T = models.keypairs


class KeypairNotFound(errors.NotFound):
    """The user has no key pair of this name."""

    def __init__(self, name, user_id):
        super().__init__(f'Keypair {name} not found for user {user_id}')


class KeypairExists(errors.Conflict):
    """The user has a key pair of this name."""


class KeypairLimitExceeded(errors.Forbidden):
    """The user has as many key pairs as allowed."""

    message = 'Quota exceeded, too many key pairs.'


def list(tx, user_id, *, marker=None, limit=None):
    """A page of a user's key pairs, by name, after the one named `marker`. Raises KeypairNotFound for the marker."""
    query = sa.select(_T).where(_T.c.user_id == user_id).order_by(_T.c.name).limit(limit)
    if marker is not None:
        query = query.where(_T.c.name > get(tx, user_id, marker).name)
    return tx.execute(query).all()


def get(tx, user_id, name):
    """The key pair. Raises KeypairNotFound."""
    row = tx.execute(sa.select(_T).where(_T.c.user_id == user_id, _T.c.name == name)).one_or_none()
    if row is None:
        raise KeypairNotFound(name, user_id)
    return row


def create(tx, values, now, limit=-1):
    """Keep a key pair of the column values given, and return it; `limit`: the most a user has, -1 for none.

    Raises KeypairExists, KeypairLimitExceeded.
    """
    try:
        with tx.begin_nested():
            tx.execute(_T.insert().values(**values, created_at=now))
    except db_exc.DBDuplicateEntry as error:
        raise KeypairExists(f"Key pair '{values['name']}' already exists.") from error
    count = tx.execute(sa.select(sa.func.count()).where(_T.c.user_id == values['user_id'])).scalar_one()
    if limit != -1 and count > limit:
        raise KeypairLimitExceeded()
    return get(tx, values['user_id'], values['name'])


def delete(tx, user_id, name):
    """Forget a key pair; servers made with it keep it. Raises KeypairNotFound."""
    if not tx.execute(_T.delete().where(_T.c.user_id == user_id, _T.c.name == name)).rowcount:
        raise KeypairNotFound(name, user_id)
