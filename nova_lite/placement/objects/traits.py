# SPDX-License-Identifier: Apache-2.0
"""Creating and deleting traits, and choosing them by name."""

import os_traits
from oslo_db import exception as db_exc

from nova_lite.placement import errors
from nova_lite.placement.db import names


def missing(name):
    return f'No such trait(s): {name}.'


def name_filter(text):
    """A predicate for the parameter `name`: `in:A,B` or `startswith:A`. Raises BadRequest."""
    if text is None:
        return lambda name: True
    kind, colon, value = text.partition(':')
    if not colon:
        raise errors.BadRequest('Badly formatted name parameter. Expected name query string parameter in form: '
                                f'?name=[in|startswith]:[name1,name2|prefix]. Got: "{text}"')
    if kind == 'in':
        wanted = set(value.split(','))
        return lambda name: name in wanted
    if kind == 'startswith':
        return lambda name: name.startswith(value)
    return lambda name: True


def create(database, name):
    """Whether it is new."""
    try:
        database.write(lambda tx: names.add_trait(tx, name))
    except db_exc.DBDuplicateEntry:
        return False
    return True


def delete(database, name):
    """Raises NotFound, BadRequest for a standard trait, Conflict for one that a provider has."""
    in_use = errors.Conflict(f'The trait {name} is in use by a resource provider.')

    def work(tx):
        if name not in names.trait_ids(tx, [name]):
            raise errors.NotFound(missing(name))
        if not os_traits.is_custom(name):
            raise errors.BadRequest(f'Cannot delete standard trait {name}.')
        if names.is_trait_used(tx, name):
            raise in_use
        if not names.delete_trait(tx, name):
            raise errors.NotFound(missing(name))

    try:
        database.write(work)
    except db_exc.DBReferenceError as exc:
        raise in_use from exc
