# SPDX-License-Identifier: Apache-2.0
"""Creating, changing and deleting resource providers, their traits and their aggregates."""

from oslo_db import exception as db_exc

from nova_lite.placement import errors
from nova_lite.placement.db import names
from nova_lite.placement.db import resource_providers as db

RACE = 'Another thread concurrently updated the resource provider data. Please retry your update'
STALE = "Resource provider's generation already changed. Please update the generation and try again."


def missing(uuid):
    return f'No resource provider with uuid {uuid} found'


def lock(tx, uuid):
    """The provider's row, locked. Raises NothingThere."""
    row = db.lock(tx, [uuid]).get(uuid)
    if row is None:
        raise errors.NothingThere(missing(uuid))
    return row


def lock_at(tx, uuid, generation):
    """The provider's row, locked, if it still has this generation. Raises NothingThere and ConcurrentUpdate."""
    row = lock(tx, uuid)
    if row.generation != generation:
        raise errors.ConcurrentUpdate(RACE)
    return row


def create(database, uuid, name, parent_uuid=None):
    """Raises Conflict for a uuid or a name that is taken, BadRequest for an impossible parent."""
    problem = f'Unable to create resource provider "{name}", {uuid}: Object action create failed because: '
    if not name:
        raise errors.BadRequest(problem + 'name is required')
    if parent_uuid is not None and parent_uuid == uuid:
        raise errors.BadRequest(problem + 'parent provider UUID cannot be same as UUID. Please set parent provider '
                                          'UUID to None if there is no parent.')

    def work(tx):
        parent = None
        if parent_uuid is not None:
            parent = _lock_with_root(tx, parent_uuid)
            if parent is None:
                raise errors.BadRequest(problem + 'parent provider UUID does not exist.')
        tx.changed([db.insert(tx, uuid, name, parent)])

    try:
        database.write(work)
    except db_exc.DBDuplicateEntry as exc:
        taken = database.read(lambda conn: db.taken(conn, uuid, name))
        raise errors.Conflict(f'Conflicting resource provider {taken} already exists.',
                              code=errors.DUPLICATE_NAME) from exc


def _lock_with_root(tx, uuid):
    """A provider's row, with its tree's root locked too, so that the tree keeps its root; None if there is none."""
    row = db.lock(tx, [uuid]).get(uuid)
    while row is not None and row.root_id != row.id:
        root = row.root_id
        db.lock_ids(tx, [root])
        row = db.lock(tx, [uuid]).get(uuid)
        if row is None or row.root_id == root:
            break
    return row


def update(database, uuid, name, may_move, **parent):
    """Rename a provider and, with `parent_uuid=` given, put it below another one or (None) make it a root.

    `may_move` is whether a parent that is set may change. Raises NothingThere, Conflict, BadRequest.
    """
    problem = f'Unable to save resource provider {uuid}: Object action '

    def work(tx):
        row = lock(tx, uuid)
        values = {'name': name}
        touched = {row.id}
        if 'parent_uuid' in parent:
            new = None
            if parent['parent_uuid'] is not None:
                new = _lock_with_root(tx, parent['parent_uuid'])
                if new is None:
                    raise errors.BadRequest(problem + 'create failed because: parent provider UUID does not exist.')
            row = _lock_with_root(tx, uuid)
            if row is None:
                raise errors.NothingThere(missing(uuid))
            touched |= _move(tx, row, new, may_move, problem + 'update failed because: ')
            values['parent_id'] = new.id if new else None
        db.update(tx, row.id, **values)
        tx.changed(touched)

    try:
        database.write(work)
    except db_exc.DBDuplicateEntry as exc:
        raise errors.Conflict(f'Conflicting resource provider {name} already exists.',
                              code=errors.DUPLICATE_NAME) from exc


def _move(tx, row, new, may_move, problem):
    """The ids of the moved subtree, whose root is now the new parent's."""
    old_parent, new_parent = row.parent_id, new.id if new else None
    if old_parent is not None and not may_move and new_parent != old_parent:
        verb = 're-parenting' if new else 'un-parenting'
        raise errors.BadRequest(problem + f'{verb} a provider is not currently allowed.')
    if new_parent is None and old_parent is None:
        return set()
    children = {}
    for provider, parent in db.family(tx, row.root_id):
        children.setdefault(parent, []).append(provider)
    subtree, todo = set(), [row.id]
    while todo:
        at = todo.pop()
        subtree.add(at)
        todo += children.get(at, [])
    if new_parent in subtree:
        raise errors.BadRequest(problem + 'creating loop in the provider tree is not allowed.')
    if new_parent != old_parent:
        db.move(tx, subtree, new.root_id if new else row.id)
    return subtree


def delete(database, uuid):
    """Raises NotFound, Conflict for a provider with children or with allocations."""
    def work(tx):
        row = db.lock(tx, [uuid]).get(uuid)
        if row is None:
            raise errors.NotFound(f'{missing(uuid)} for delete')
        if db.has_children(tx, row.id):
            raise _has_children(uuid)
        if db.has_allocations(tx, row.id):
            raise errors.Conflict(f'Unable to delete resource provider {uuid}: Resource provider has allocations.',
                                  code=errors.PROVIDER_INUSE)
        db.delete(tx, row.id)
        tx.changed([row.id])

    try:
        database.write(work)
    except db_exc.DBReferenceError as exc:
        raise _has_children(uuid) from exc


def _has_children(uuid):
    return errors.Conflict(f'Unable to delete parent resource provider {uuid}: It has child resource providers.',
                           code=errors.PROVIDER_CANNOT_DELETE_PARENT)


def set_traits(database, uuid, wanted, generation=None):
    """The generation after it: one more than before if a trait came or went. `generation` None takes any.

    Raises NothingThere, ConcurrentUpdate, BadRequest for an unknown trait.
    """
    def work(tx):
        row = lock(tx, uuid)
        if generation is not None and row.generation != generation:
            raise errors.ConcurrentUpdate(STALE)
        known = names.trait_ids(tx, sorted(set(wanted)))
        if unknown := [name for name in dict.fromkeys(wanted) if name not in known]:
            raise errors.BadRequest(f'No such trait {", ".join(unknown)}')
        if not db.set_traits(tx, row.id, {trait.id for trait in known.values()}):
            return row.generation
        db.bump(tx, [row.id])
        tx.changed([row.id])
        return row.generation + 1

    return _guarded(database, work)


def set_aggregates(database, uuid, wanted, generation=None):
    """The generation after it: with `generation` one more, without (before 1.19) the same.

    Raises NothingThere, ConcurrentUpdate.
    """
    def work(tx):
        row = lock(tx, uuid)
        if generation is not None and row.generation != generation:
            raise errors.ConcurrentUpdate(STALE)
        db.set_aggregates(tx, row.id, wanted)
        tx.changed([row.id])
        if generation is None:
            return row.generation
        db.bump(tx, [row.id])
        return row.generation + 1

    return _guarded(database, work)


def _guarded(database, work):
    """A trait that was deleted between our look and our write shows as a broken reference."""
    try:
        return database.write(work)
    except db_exc.DBReferenceError as exc:
        raise errors.ConcurrentUpdate(RACE) from exc
