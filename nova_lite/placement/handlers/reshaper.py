# SPDX-License-Identifier: Apache-2.0
"""The reshaper: inventories and allocations of several providers change at once."""

from nova_lite.placement import errors
from nova_lite.placement.handlers.allocations import make_claims
from nova_lite.placement.objects import inventories, reshaper
from nova_lite.placement.schemas import reshaper as schemas


def reshape(call):
    data = call.body(schemas.RESHAPE.at(call.version))
    state = call.service.snapshot.now()
    wanted = {}
    for uuid, entry in data['inventories'].items():
        provider = state.by_uuid.get(uuid)
        if provider is None:
            raise errors.BadRequest(f'Resource provider {uuid} in inventories not found: '
                                    f'No resource provider with uuid {uuid} found', code=errors.PROVIDER_NOT_FOUND)
        generation = entry['resource_provider_generation']
        if generation != provider.generation:
            raise errors.ConcurrentUpdate(f'resource provider generation conflict for provider {uuid}: '
                                          f'actual: {provider.generation}, given: {generation}')
        try:
            wanted[uuid] = reshaper.Inventories(generation, inventories.complete_all(entry['inventories']))
        except inventories.UnknownClass as exc:
            raise errors.BadRequest(f'malformed reshaper data: {exc}') from exc
    claims = make_claims(call, data['allocations'])
    reshaper.reshape(call.service.database, wanted, claims, call.service.conf.placement.allocation_conflict_retry_count)
    call.empty()
