# SPDX-License-Identifier: Apache-2.0
"""Inventories of a provider."""

from nova_lite.placement import errors
from nova_lite.placement.context import NOW
from nova_lite.placement.handlers.resource_providers import find
from nova_lite.placement.objects import inventories as objects
from nova_lite.placement.schemas import inventories as schemas


def index(call):
    _, provider = _find(call)
    _answer(call, {name: _shown(inventory) for name, inventory in provider.inventories.items()}, provider.generation,
            max((inventory.modified_at for inventory in provider.inventories.values()), default=None))


def show(call):
    _, provider = _find(call)
    name = call.path['resource_class']
    inventory = provider.inventories.get(name)
    if inventory is None:
        raise errors.NotFound(f'No inventory of class {name} for {provider.uuid}')
    call.json({**_shown(inventory), **_generation(provider.generation)}, modified=inventory.modified_at)


def create(call):
    _, provider = find(call)
    data = call.body(schemas.CREATE)
    name = data['resource_class']
    values = objects.complete(data)
    try:
        objects.check_capacity(values, name, provider.uuid, call.since(26))
        generation = objects.add(call.service.database, provider.uuid, name, values)
    except errors.ConcurrentUpdate as exc:
        raise errors.ConcurrentUpdate(f'Update conflict: {exc}') from exc
    except errors.BadRequest as exc:
        raise errors.BadRequest(f'Unable to create inventory for resource provider {provider.uuid}: {exc}') from exc
    call.json({**values, **_generation(generation)}, status=201)
    call.locate(f'/resource_providers/{provider.uuid}/inventories/{name}')


def update(call):
    _, provider = find(call)
    name = call.path['resource_class']
    data = call.body(schemas.UPDATE)
    values = objects.complete(data)
    generation = _checked_generation(data, provider)
    try:
        objects.check_capacity(values, name, provider.uuid, call.since(26))
        generation = objects.update(call.service.database, provider.uuid, name, values, generation)
    except errors.ConcurrentUpdate as exc:
        raise errors.ConcurrentUpdate(f'update conflict: {exc}') from exc
    except objects.NoInventory as exc:
        raise errors.BadRequest('No inventory record with resource class for resource provider '
                                f'{provider.uuid}: {exc}') from exc
    except objects.UnknownClass as exc:
        raise errors.NothingThere(str(exc)) from exc
    except errors.BadRequest as exc:
        raise errors.BadRequest(f'Unable to update inventory for resource provider {provider.uuid}: {exc}') from exc
    call.json({**values, **_generation(generation)})


def replace(call):
    _, provider = find(call)
    data = call.body(schemas.REPLACE)
    generation = _checked_generation(data, provider)
    try:
        new = objects.complete_all(data['inventories'])
        for name, values in new.items():
            objects.check_capacity(values, name, provider.uuid, call.since(26))
        generation = objects.replace_all(call.service.database, provider.uuid, new, generation)
    except (errors.ConcurrentUpdate, objects.InUse) as exc:
        raise errors.Conflict(f'update conflict: {exc}', code=exc.code) from exc
    except objects.UnknownClass as exc:
        raise errors.BadRequest('Unknown resource class in inventory for resource provider '
                                f'{provider.uuid}: {exc}') from exc
    except errors.BadRequest as exc:
        raise errors.BadRequest(f'Unable to update inventory for resource provider {provider.uuid}: {exc}') from exc
    _answer(call, new, generation, NOW if new else None)


def delete(call):
    _, provider = find(call)
    name = call.path['resource_class']
    try:
        objects.delete(call.service.database, provider.uuid, name)
    except errors.Conflict as exc:
        # Clients know this one as a conflict of writers, unlike a delete of all.
        raise errors.ConcurrentUpdate(f'Unable to delete inventory of class {name}: {exc}') from exc
    except errors.NotFound as exc:
        raise errors.NotFound(f'No inventory of class {name} found for delete: {exc}') from exc
    call.empty()


def delete_all(call):
    _, provider = find(call)
    objects.replace_all(call.service.database, provider.uuid, {})
    call.empty()


def _find(call):
    return find(call, errors.NotFound, 'No resource provider with uuid {uuid} found : '
                                       'No resource provider with uuid {uuid} found')


def _checked_generation(data, provider):
    if data['resource_provider_generation'] != provider.generation:
        raise errors.ConcurrentUpdate('resource provider generation conflict')
    return provider.generation


def _shown(inventory):
    return {name: getattr(inventory, name) for name in objects.FIELDS}


def _generation(number):
    # Placement leaves a zero out here.
    return {'resource_provider_generation': number} if number else {}


def _answer(call, inventories, generation, modified):
    call.json({'resource_provider_generation': generation, 'inventories': inventories}, modified=modified)
