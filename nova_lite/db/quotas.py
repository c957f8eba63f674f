# SPDX-License-Identifier: Apache-2.0
"""Usages: how much of each quota a project uses, held by conditional UPDATEs so that concurrent creates never pass it.

Limits are `quota_limits.py`'s.
"""

import logging

import sqlalchemy as sa
from oslo_db import exception as db_exc

from nova_lite import errors
from nova_lite.db.models import api as models

LOG = logging.getLogger(__name__)

_usages = models.quota_usages

UNLIMITED = -1


class QuotaExceeded(errors.Forbidden):
    """A project asked for more than its limit. `details`: resource, requested, used, limit."""

    message = 'The quota of the project is used up.'


def usages(tx, project_id):
    """resource -> amount used by a project."""
    rows = tx.execute(sa.select(_usages.c.resource, _usages.c.used).where(_usages.c.project_id == project_id))
    return dict(rows.all())


def usages_now(tx, project_id):
    """As `usages`, at this moment whatever the transaction saw before; the rows stay locked."""
    rows = tx.execute(sa.select(_usages.c.resource, _usages.c.used).where(
        _usages.c.project_id == project_id).order_by(_usages.c.resource).with_for_update())
    return dict(rows.all())


def take(tx, project_id, amounts, limits):
    """Add `amounts` (resource -> number) to a project's usage, all or (by the transaction's rollback) none.

    `limits`: resource -> limit, -1 for none. Raises QuotaExceeded.
    """
    for resource, amount in sorted(amounts.items()):
        limit = limits.get(resource, UNLIMITED)
        if not _add(tx, project_id, resource, amount, limit) and not (
                _make_row(tx, project_id, resource) and _add(tx, project_id, resource, amount, limit)):
            used = usages(tx, project_id).get(resource, 0)
            raise QuotaExceeded(
                f'Quota exceeded for {resource}: Requested {amount}, but already used {used} of {limit} {resource}',
                resource=resource, requested=amount, used=used, limit=limit)


def give_back(tx, project_id, amounts):
    """Take `amounts` off a project's usage; never below zero."""
    amount = sa.case(amounts, value=_usages.c.resource)
    tx.execute(sa.update(_usages).where(
        _usages.c.project_id == project_id, _usages.c.resource.in_(sorted(amounts))).values(
            used=sa.case((_usages.c.used > amount, _usages.c.used - amount), else_=0)))


def set_usage(tx, project_id, resource, before, after):
    """Correct a usage row if it still says `before`; False when it changed meanwhile."""
    return tx.execute(sa.update(_usages).where(
        _usages.c.project_id == project_id, _usages.c.resource == resource, _usages.c.used == before).values(
            used=after)).rowcount == 1


def projects(tx):
    """Every project that has a usage row."""
    return tx.execute(sa.select(_usages.c.project_id).distinct()).scalars().all()


def _add(tx, project_id, resource, amount, limit):
    """Add to a usage row; False when there is none, or the sum would pass the limit."""
    fits = _usages.c.used + amount <= limit if limit != UNLIMITED else sa.true()
    return tx.execute(sa.update(_usages).where(
        _usages.c.project_id == project_id, _usages.c.resource == resource, fits).values(
            used=_usages.c.used + amount)).rowcount == 1


def _make_row(tx, project_id, resource):
    """Make the usage row; False when it was there."""
    known = tx.execute(sa.select(_usages.c.used).where(
        _usages.c.project_id == project_id, _usages.c.resource == resource)).one_or_none()
    if known is not None:
        return False
    try:
        with tx.begin_nested():
            tx.execute(sa.insert(_usages).values(project_id=project_id, resource=resource, used=0))
    except db_exc.DBDuplicateEntry:
        LOG.debug('Another transaction made the usage row of %s a moment ago', resource)
    return True
