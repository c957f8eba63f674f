# SPDX-License-Identifier: Apache-2.0
"""Traits, and the traits of a provider."""

from nova_lite.placement import errors
from nova_lite.placement.context import NOW
from nova_lite.placement.handlers.resource_providers import find
from nova_lite.placement.objects import resource_providers as providers
from nova_lite.placement.objects import traits as objects
from nova_lite.placement.schemas import traits as schemas

_INVALID = ('The trait is invalid. A valid trait must be no longer than 255 characters, start with the prefix '
            '"CUSTOM_" and use following characters: "A"-"Z", "0"-"9" and "_"')


def index(call):
    params = call.query(schemas.LIST)
    wanted = objects.name_filter(params.get('name'))
    associated = params.get('associated')
    if associated is not None and associated.lower() not in ('true', 'false'):
        raise errors.BadRequest('The query parameter "associated" only accepts "true" or "false"')
    state = call.service.snapshot.now()
    names = [name for name in state.trait_rows if wanted(name)]
    if associated is not None:
        used = state.used_traits()
        names = [name for name in names if (name in used) == (associated.lower() == 'true')]
    _answer(call, state, names)


def show(call):
    name = call.path['name']
    row = call.service.snapshot.now().trait_rows.get(name)
    if row is None:
        raise errors.NotFound(objects.missing(name))
    call.empty()
    call.modified(row.modified_at)


def create(call):
    name = call.path['name']
    if schemas.NAME.problem(name) is not None:
        raise errors.BadRequest(_INVALID)
    state = call.service.snapshot.now()
    row = state.trait_rows.get(name)
    is_new = row is None and objects.create(call.service.database, name)
    call.empty(201 if is_new else 204, f'/traits/{name}')
    call.modified(row.modified_at if row else NOW)


def delete(call):
    objects.delete(call.service.database, call.path['name'])
    call.empty()


def of_provider(call):
    state, provider = find(call, errors.NotFound, 'No resource provider with uuid {uuid} found: '
                                                  'No resource provider with uuid {uuid} found')
    _answer(call, state, sorted(provider.traits), resource_provider_generation=provider.generation)


def replace(call):
    data = call.body(schemas.OF_PROVIDER)
    find(call)
    generation = providers.set_traits(call.service.database, call.path['uuid'], data['traits'],
                                      data['resource_provider_generation'])
    state = call.service.snapshot.now()
    _answer(call, state, sorted(set(data['traits'])), resource_provider_generation=generation)


def delete_all(call):
    providers.set_traits(call.service.database, call.path['uuid'], [])
    call.empty()


def _answer(call, state, names, **more):
    rows = [state.trait_rows[name] for name in names if name in state.trait_rows]
    call.json({'traits': names, **more}, modified=max((row.modified_at for row in rows), default=None) or NOW)
