# SPDX-License-Identifier: Apache-2.0
"""Aggregates of a provider."""

from nova_lite.placement import errors, validation
from nova_lite.placement.handlers.resource_providers import find
from nova_lite.placement.objects import resource_providers as providers
from nova_lite.placement.schemas import aggregates as schemas


def index(call):
    _, provider = find(call)
    _answer(call, sorted(provider.aggregates), provider.generation)


def replace(call):
    _, provider = find(call)
    data = call.body(schemas.REPLACE.at(call.version))
    generation = None
    if call.since(19):
        generation = data['resource_provider_generation']
        if generation != provider.generation:
            raise errors.ConcurrentUpdate(providers.STALE)
        data = data['aggregates']
    uuids = [uuid if len(uuid) <= 36 else validation.normal_uuid(uuid) for uuid in data]
    _answer(call, uuids, providers.set_aggregates(call.service.database, provider.uuid, uuids, generation))


def _answer(call, uuids, generation):
    more = {'resource_provider_generation': generation} if call.since(19) else {}
    call.json({'aggregates': uuids, **more})
