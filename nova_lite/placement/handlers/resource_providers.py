# SPDX-License-Identifier: Apache-2.0
"""Resource providers."""

import uuid

import msgspec

from nova_lite.placement import errors, validation
from nova_lite.placement.context import NOW
from nova_lite.placement.objects import providers_filter
from nova_lite.placement.objects import resource_providers as providers
from nova_lite.placement.schemas import resource_providers as schemas

_ENCODE = msgspec.json.Encoder().encode
_LINKS = ((0, 'inventories'), (0, 'usages'), (1, 'aggregates'), (6, 'traits'), (11, 'allocations'))


def find(call, missing=errors.NothingThere, message='No resource provider with uuid {uuid} found'):
    """(state, the provider that the path names). Raises `missing`."""
    state = call.service.snapshot.now()
    provider = state.by_uuid.get(call.path['uuid'])
    if provider is None:
        raise missing(message.format(uuid=call.path['uuid']))
    return state, provider


def index(call):
    params = call.query(schemas.LIST.at(call.version))
    wanted = providers_filter.from_query(call, params)
    found = wanted.apply(call.service.snapshot.now())
    shape = _shape(call)
    body = b'{"resource_providers":[' + b','.join([_encoded(p, shape) for p in found]) + b']}'
    call.raw(body, modified=max((p.modified_at for p in found), default=None) or NOW)


def show(call):
    _, provider = find(call)
    call.raw(_encoded(provider, _shape(call)), modified=provider.modified_at)


def create(call):
    data = call.body(schemas.CREATE.at(call.version))
    new = validation.normal_uuid(data['uuid']) if data.get('uuid') else str(uuid.uuid4())
    providers.create(call.service.database, new, data['name'], data.get('parent_provider_uuid'))
    path = f'/resource_providers/{new}'
    if not call.since(20):
        call.empty(201, path)
        return
    provider = call.service.snapshot.now().by_uuid.get(new)
    if provider is None:
        raise errors.ConcurrentUpdate(f'Resource provider {new} was deleted by another request.')
    call.raw(_encoded(provider, _shape(call)), modified=provider.modified_at)
    call.locate(path)


def update(call):
    find(call)
    name = call.path['uuid']
    data = call.body(schemas.UPDATE.at(call.version))
    parent = {'parent_uuid': data['parent_provider_uuid']} if 'parent_provider_uuid' in data else {}
    providers.update(call.service.database, name, data['name'], call.since(37), **parent)
    _, provider = find(call)
    call.raw(_encoded(provider, _shape(call)), modified=provider.modified_at)


def delete(call):
    providers.delete(call.service.database, call.path['uuid'])
    call.empty()


def _shape(call):
    """What decides how a provider looks: links and tree by version, and the mount point."""
    minor = call.version.minor
    return sum(minor >= since for since, _ in _LINKS), minor >= 14, call.mount


def _encoded(provider, shape):
    body = provider.cache.get(shape)
    if body is None:
        links, with_tree, mount = shape
        url = f'{mount}/resource_providers/{provider.uuid}'
        data = {'uuid': provider.uuid, 'name': provider.name, 'generation': provider.generation,
                'links': [{'rel': 'self', 'href': url},
                          *({'rel': rel, 'href': f'{url}/{rel}'} for _, rel in _LINKS[:links])]}
        if with_tree:
            data['parent_provider_uuid'] = provider.parent_uuid
            data['root_provider_uuid'] = provider.root_uuid
        body = provider.cache[shape] = _ENCODE(data)
    return body
