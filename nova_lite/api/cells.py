# SPDX-License-Identifier: Apache-2.0
"""Asks every cell the same question."""

from oslo_log import log

from nova_lite import errors

LOG = log.getLogger(__name__)


def gather(req, function, *args, **kwargs):
    """[(cell, what `function(tx, ...)` found)] of every cell; one that does not answer is left out, and logged.

    Raises Unavailable if none answers.
    """
    found, silent = [], None
    for name, database in req.cells.items():
        try:
            with database.read() as tx:
                found.append((name, function(tx, *args, **kwargs)))
        except errors.Unavailable as error:
            LOG.warning('Cell %r is left out of an answer: %s', name, error)
            silent = error
    if not found and silent is not None:
        raise silent
    return found


def find(req, function, *args, **kwargs):
    """[(cell, row)] of the cells where `function(tx, ...)` finds a row (not None)."""
    return [(name, row) for name, row in gather(req, function, *args, **kwargs) if row is not None]
