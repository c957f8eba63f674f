# SPDX-License-Identifier: Apache-2.0
"""Creating, renaming and deleting custom resource classes."""

import os_resource_classes
from oslo_db import exception as db_exc

from nova_lite.placement import errors
from nova_lite.placement.db import names


def missing(name):
    return f'No such resource class {name}.'


def create(database, name):
    """Whether it is new."""
    def work(tx):
        if name in names.class_ids(tx, [name]):
            return False
        names.add_class(tx, name)
        return True

    # Two new classes may have taken the same id: the look at the name tells the two kinds of duplicate apart.
    return database.write(work, again_on_duplicate=True)


def rename(database, name, new):
    """Raises NothingThere, BadRequest for a standard class, Conflict for a name that is taken."""
    def work(tx):
        if name not in names.class_ids(tx, [name]):
            raise errors.NothingThere(missing(name))
        if name in os_resource_classes.STANDARDS:
            raise errors.BadRequest(f'Cannot update standard resource class {name}')
        names.rename_class(tx, name, new)

    try:
        database.write(work)
    except db_exc.DBDuplicateEntry as exc:
        raise errors.Conflict(f'Resource class already exists: {new}') from exc


def delete(database, name):
    """Raises NothingThere, BadRequest for a standard class, Conflict for one that an inventory has."""
    in_use = errors.Conflict(f'Error in delete resource class: Cannot delete resource class {name}. '
                             'Class is in use in inventory.')

    def work(tx):
        if name not in names.class_ids(tx, [name]):
            raise errors.NothingThere(missing(name))
        if name in os_resource_classes.STANDARDS:
            raise errors.BadRequest(f'Error in delete resource class: Cannot delete standard resource class {name}.')
        if names.is_class_used(tx, name):
            raise in_use
        if not names.delete_class(tx, name):
            raise errors.NothingThere(missing(name))

    try:
        database.write(work)
    except db_exc.DBReferenceError as exc:
        raise in_use from exc
