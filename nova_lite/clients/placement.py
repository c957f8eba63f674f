# SPDX-License-Identifier: Apache-2.0
"""Placement as a client: providers and what they have, candidates, allocations. One microversion per call.

Every function may raise Unavailable (the outcome is unknown). A lost race is Conflict, with `details['code']`
`placement.concurrent_update`; other conflicts have other codes.
"""

from urllib.parse import quote, urlencode

import msgspec

from nova_lite import errors
from nova_lite.clients.http import Http, check

CONCURRENT_UPDATE = 'placement.concurrent_update'
DUPLICATE_NAME = 'placement.duplicate_name'


class Provider(msgspec.Struct, frozen=True):
    """A resource provider. `generation` names the version of everything it has."""

    uuid: str
    name: str
    generation: int
    parent_provider_uuid: str | None = None
    root_provider_uuid: str | None = None


class Inventory(msgspec.Struct, frozen=True):
    """How much a provider has of one resource class."""

    total: int
    reserved: int = 0
    min_unit: int = 1
    max_unit: int = 2147483647
    step_size: int = 1
    allocation_ratio: float = 1.0


class Inventories(msgspec.Struct, frozen=True):
    inventories: dict[str, Inventory]
    resource_provider_generation: int


class Traits(msgspec.Struct, frozen=True):
    traits: list[str]
    resource_provider_generation: int


class Aggregates(msgspec.Struct, frozen=True):
    aggregates: list[str]
    resource_provider_generation: int


class Resources(msgspec.Struct, frozen=True):
    """Amounts per resource class, taken from one provider."""

    resources: dict[str, int]


class Candidate(msgspec.Struct, frozen=True):
    """One way to satisfy a request: provider uuid -> amounts."""

    allocations: dict[str, Resources]
    mappings: dict[str, list[str]] = {}


class Amount(msgspec.Struct, frozen=True):
    capacity: int
    used: int


class Summary(msgspec.Struct, frozen=True):
    """What a provider in a candidate has and is."""

    resources: dict[str, Amount]
    traits: list[str] = []
    parent_provider_uuid: str | None = None
    root_provider_uuid: str | None = None


class Candidates(msgspec.Struct, frozen=True):
    allocation_requests: list[Candidate]
    provider_summaries: dict[str, Summary]


class Allocations(msgspec.Struct, frozen=True):
    """What a consumer holds. Without any, `allocations` is empty and the generation is None."""

    allocations: dict[str, Resources] = {}
    project_id: str | None = None
    user_id: str | None = None
    consumer_generation: int | None = None
    consumer_type: str | None = None


class _Providers(msgspec.Struct, frozen=True):
    resource_providers: list[Provider]


class _ProviderAllocations(msgspec.Struct, frozen=True):
    allocations: dict[str, Resources]
    resource_provider_generation: int


class Placement:
    """The service placement; `providers` and `allocations` are its two faces. `http` does the requests."""

    def __init__(self, http):
        self.providers = Providers(http)
        self.allocations = AllocationsOf(http)

    @classmethod
    def from_conf(cls, conf):
        """Placement as the section [placement] names it."""
        return cls(Http(conf, 'placement'))


class Providers:
    """Resource providers and what they have."""

    def __init__(self, http):
        self._http = http

    def show(self, uuid):
        """The Provider. Raises NotFound."""
        return self._request('GET', f'/resource_providers/{uuid}', '1.20').decode(Provider)

    def find(self, name):
        """The Provider of that name, or None."""
        path = '/resource_providers?' + urlencode({'name': name})
        found = self._request('GET', path, '1.20').decode(_Providers).resource_providers
        return found[0] if found else None

    def ensure(self, uuid, name, parent=None):
        """The Provider `uuid`, made if it is missing. Raises Conflict if another one has that name."""
        try:
            return self.show(uuid)
        except errors.NotFound:
            pass
        body = {'uuid': uuid, 'name': name} | ({'parent_provider_uuid': parent} if parent else {})
        try:
            return self._request('POST', '/resource_providers', '1.20', body).decode(Provider)
        except errors.Conflict:
            # Somebody made it meanwhile, or the name belongs to another.
            found = self.find(name)
            if found is None or found.uuid != uuid:
                raise
            return found

    def delete(self, uuid):
        """Remove the provider; one that is not there is no error. Raises Conflict if somebody holds something of it."""
        self._delete(f'/resource_providers/{uuid}')

    def inventories(self, uuid):
        """The Inventories of the provider. Raises NotFound."""
        return self._request('GET', f'/resource_providers/{uuid}/inventories', '1.26').decode(Inventories)

    def set_inventories(self, uuid, inventories, generation):
        """Replace all inventories (resource class -> Inventory); returns the new Inventories. Raises Conflict."""
        body = {'inventories': inventories, 'resource_provider_generation': generation}
        return self._request('PUT', f'/resource_providers/{uuid}/inventories', '1.26', body).decode(Inventories)

    def traits(self, uuid):
        """The Traits of the provider. Raises NotFound."""
        return self._request('GET', f'/resource_providers/{uuid}/traits', '1.6').decode(Traits)

    def set_traits(self, uuid, traits, generation):
        """Replace all traits; unknown CUSTOM_ ones are made. Returns the new Traits. Raises Conflict."""
        for trait in traits:
            if trait.startswith('CUSTOM_'):
                self._request('PUT', f'/traits/{quote(trait)}', '1.6')
        body = {'traits': sorted(traits), 'resource_provider_generation': generation}
        return self._request('PUT', f'/resource_providers/{uuid}/traits', '1.6', body).decode(Traits)

    def aggregates(self, uuid):
        """The Aggregates of the provider. Raises NotFound."""
        return self._request('GET', f'/resource_providers/{uuid}/aggregates', '1.19').decode(Aggregates)

    def set_aggregates(self, uuid, aggregates, generation):
        """Replace all aggregates (uuids); returns the new Aggregates. Raises Conflict."""
        body = {'aggregates': sorted(aggregates), 'resource_provider_generation': generation}
        return self._request('PUT', f'/resource_providers/{uuid}/aggregates', '1.19', body).decode(Aggregates)

    def _request(self, method, path, version, body=None):
        return _request(self._http, method, path, version, body)

    def _delete(self, path):
        _forgiving_delete(self._http, path, '1.36')


class AllocationsOf:
    """Candidates for a request, and what consumers hold."""

    def __init__(self, http):
        self._http = http

    def candidates(self, query):
        """Candidates for `query`, a list of (name, value) as the API names them (`resources`, `limit`, ...)."""
        path = '/allocation_candidates?' + urlencode(query)
        return _request(self._http, 'GET', path, '1.39').decode(Candidates)

    def show(self, consumer):
        """The Allocations of the consumer."""
        return _request(self._http, 'GET', f'/allocations/{consumer}', '1.38').decode(Allocations)

    def put(self, consumer, allocations, *, project_id, user_id, generation, consumer_type='INSTANCE', mappings=None):
        """Make the consumer hold exactly `allocations` (provider uuid -> resource class -> amount).

        `generation` is the one that `show` gave, None for a consumer that holds nothing yet. Raises Conflict: a lost
        race (CONCURRENT_UPDATE), or there is not enough left.
        """
        body = {
            'allocations': {provider: {'resources': amounts} for provider, amounts in allocations.items()},
            'project_id': project_id, 'user_id': user_id, 'consumer_generation': generation,
            'consumer_type': consumer_type,
        }
        if mappings:
            body['mappings'] = mappings
        _request(self._http, 'PUT', f'/allocations/{consumer}', '1.38', body)

    def delete(self, consumer):
        """Let the consumer hold nothing, whatever its generation. Nothing held is no error."""
        _forgiving_delete(self._http, f'/allocations/{consumer}', '1.38')

    def of_provider(self, uuid):
        """Who holds what of the provider: consumer -> resource class -> amount. Raises NotFound."""
        path = f'/resource_providers/{uuid}/allocations'
        found = _request(self._http, 'GET', path, '1.20').decode(_ProviderAllocations)
        return {consumer: held.resources for consumer, held in found.allocations.items()}


def _request(http, method, path, version, body=None):
    headers = {'OpenStack-API-Version': f'placement {version}'}
    return check(http.request(method, path, json=body, headers=headers), f'placement, {method} {path.split("?")[0]}')


def _forgiving_delete(http, path, version):
    try:
        _request(http, 'DELETE', path, version)
    except errors.NotFound:
        return
