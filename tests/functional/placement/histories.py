# SPDX-License-Identifier: Apache-2.0
"""Random histories of requests through two workers, compared with the model after each step."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.functional.placement.base import claim_body, uid
from tests.functional.placement.model import Model

PROVIDERS = [uid(number) for number in range(5)]
CONSUMERS = [uid(100 + number) for number in range(3)]
CLASSES = ['VCPU', 'MEMORY_MB']
TRAITS = ['HW_CPU_X86_AVX', 'STORAGE_DISK_SSD']

providers = st.sampled_from(PROVIDERS)
amounts = st.dictionaries(st.sampled_from(CLASSES), st.integers(1, 6), min_size=1)
wishes = st.dictionaries(providers, amounts, max_size=2)
inventories = st.dictionaries(st.sampled_from(CLASSES), st.fixed_dictionaries({
    'total': st.integers(1, 10), 'reserved': st.integers(0, 1), 'min_unit': st.sampled_from([1, 1, 2]),
    'max_unit': st.sampled_from([4, 100]), 'step_size': st.sampled_from([1, 1, 2]),
    'allocation_ratio': st.sampled_from([1.0, 1.0, 1.5, 4.0])}), max_size=2)


class Histories(RuleBasedStateMachine):
    """`apis` are two workers on one empty database; a subclass sets `reset`."""

    def __init__(self):
        super().__init__()
        self.apis = self.reset()
        self.model = Model()
        self.turn = 0

    def reset(self):
        raise NotImplementedError

    def ask(self, expected, *request):
        """Send a request through one worker after the other in turn."""
        self.turn += 1
        answer = self.apis[self.turn % 2](*request)
        assert answer.status == expected, (request, expected, answer.status, answer.body)

    def generation(self, uuid, stale):
        found = self.model.providers.get(uuid)
        return (found.generation if found else 0) + (7 if stale else 0)

    @rule(uuid=providers, parent=st.none() | providers)
    def create(self, uuid, parent):
        self.ask(self.model.create(uuid, parent), 'POST', '/resource_providers',
                 {'uuid': uuid, 'name': uuid, 'parent_provider_uuid': parent})

    @rule(uuid=providers, parent=st.none() | providers)
    def move(self, uuid, parent):
        self.ask(self.model.move(uuid, parent), 'PUT', f'/resource_providers/{uuid}',
                 {'name': uuid, 'parent_provider_uuid': parent})

    @rule(uuid=providers)
    def delete(self, uuid):
        self.ask(self.model.delete(uuid), 'DELETE', f'/resource_providers/{uuid}')

    @rule(uuid=providers, new=inventories, stale=st.sampled_from([False] * 5 + [True]))
    def set_inventories(self, uuid, new, stale):
        generation = self.generation(uuid, stale)
        self.ask(self.model.set_inventories(uuid, generation, new), 'PUT', f'/resource_providers/{uuid}/inventories',
                 {'resource_provider_generation': generation, 'inventories': new})

    @rule(uuid=providers, new=st.sets(st.sampled_from(TRAITS)), stale=st.sampled_from([False] * 5 + [True]))
    def set_traits(self, uuid, new, stale):
        generation = self.generation(uuid, stale)
        self.ask(self.model.set_traits(uuid, generation, new), 'PUT', f'/resource_providers/{uuid}/traits',
                 {'resource_provider_generation': generation, 'traits': sorted(new)})

    @rule(consumer=st.sampled_from(CONSUMERS), wanted=wishes, stale=st.sampled_from([False] * 5 + [True]))
    def claim(self, consumer, wanted, stale):
        generation = self.consumer_generation(consumer, stale)
        self.ask(self.model.claim({consumer: (generation, wanted)}), 'PUT', f'/allocations/{consumer}',
                 claim_body(wanted, generation))

    @rule(wanted=st.dictionaries(st.sampled_from(CONSUMERS), wishes, min_size=1))
    def claim_many(self, wanted):
        claims = {consumer: (self.consumer_generation(consumer, False), wish) for consumer, wish in wanted.items()}
        self.ask(self.model.claim(claims), 'POST', '/allocations',
                 {consumer: claim_body(wish, generation) for consumer, (generation, wish) in claims.items()})

    @rule(consumer=st.sampled_from(CONSUMERS))
    def release(self, consumer):
        self.ask(self.model.release(consumer), 'DELETE', f'/allocations/{consumer}')

    def consumer_generation(self, consumer, stale):
        known = self.model.consumers.get(consumer)
        generation = known[0] if known else None
        return (generation or 0) + 7 if stale else generation

    @invariant()
    def both_workers_agree_with_the_model(self):
        for api in self.apis:
            shown = {p['uuid']: p for p in api('GET', '/resource_providers').json['resource_providers']}
            assert set(shown) == set(self.model.providers)
            for uuid, provider in self.model.providers.items():
                assert shown[uuid]['generation'] == provider.generation
                assert shown[uuid]['parent_provider_uuid'] == provider.parent
                assert shown[uuid]['root_provider_uuid'] == self.model.root(uuid)
        api = self.apis[self.turn % 2]
        for uuid, provider in self.model.providers.items():
            assert api('GET', f'/resource_providers/{uuid}/inventories').json['inventories'] == provider.inventories
            assert set(api('GET', f'/resource_providers/{uuid}/traits').json['traits']) == provider.traits
            usages = api('GET', f'/resource_providers/{uuid}/usages').json['usages']
            assert usages == {name: self.model.used(uuid, name) for name in provider.inventories}
        for consumer in CONSUMERS:
            shown = api('GET', f'/allocations/{consumer}').json
            generation, held = self.model.consumers.get(consumer, (None, {}))
            assert {uuid: a['resources'] for uuid, a in shown['allocations'].items()} == held
            assert shown.get('consumer_generation') == generation
