# SPDX-License-Identifier: Apache-2.0
"""Resource classes."""

from nova_lite.placement import errors
from nova_lite.placement.context import NOW
from nova_lite.placement.objects import resource_classes as objects
from nova_lite.placement.schemas import resource_classes as schemas


def index(call):
    rows = call.service.snapshot.now().class_rows
    call.json({'resource_classes': [_shown(call, name) for name in rows]},
              modified=max((row.modified_at for row in rows.values()), default=None) or NOW)


def show(call):
    name = call.path['name']
    row = call.service.snapshot.now().class_rows.get(name)
    if row is None:
        raise errors.NothingThere(objects.missing(name))
    call.json(_shown(call, name), modified=row.modified_at)


def create(call):
    name = call.body(schemas.NAMED)['name']
    if not objects.create(call.service.database, name):
        raise errors.Conflict(f'Conflicting resource class already exists: {name}')
    call.empty(201, f'/resource_classes/{name}')


def rename(call):
    new = call.body(schemas.NAMED)['name']
    objects.rename(call.service.database, call.path['name'], new)
    call.json(_shown(call, new))


def ensure(call):
    name = call.path['name']
    problem = schemas.NAMED.problem({'name': name})
    if problem is not None:
        raise errors.BadRequest(f'JSON does not validate: {problem}')
    is_new = name not in call.service.snapshot.now().class_rows and objects.create(call.service.database, name)
    call.empty(201 if is_new else 204, f'/resource_classes/{name}')


def delete(call):
    objects.delete(call.service.database, call.path['name'])
    call.empty()


def _shown(call, name):
    return {'name': name, 'links': [{'rel': 'self', 'href': f'{call.mount}/resource_classes/{name}'}]}
