# SPDX-License-Identifier: Apache-2.0
"""A plain model of what the API promises about providers, inventories and claims, without any cleverness."""


class Provider:
    def __init__(self, parent):
        self.parent = parent
        self.generation = 0
        self.inventories = {}
        self.traits = set()


class Model:
    """Each method does what the request would, and returns the status that the request should get."""

    def __init__(self):
        self.providers = {}
        self.consumers = {}     # uuid -> (generation, {provider: {class: amount}})

    def used(self, uuid, name, without=()):
        return sum(held.get(uuid, {}).get(name, 0)
                   for consumer, (_, held) in self.consumers.items() if consumer not in without)

    def root(self, uuid):
        while self.providers[uuid].parent:
            uuid = self.providers[uuid].parent
        return uuid

    def above(self, uuid):
        """The provider and all providers above it."""
        found = []
        while uuid:
            found.append(uuid)
            uuid = self.providers[uuid].parent
        return found

    def create(self, uuid, parent):
        if parent is not None and (parent == uuid or parent not in self.providers):
            return 400
        if uuid in self.providers:
            return 409
        self.providers[uuid] = Provider(parent)
        return 200

    def move(self, uuid, parent):
        if uuid not in self.providers:
            return 404
        if parent is not None and (parent not in self.providers or uuid in self.above(parent)):
            return 400
        self.providers[uuid].parent = parent
        return 200

    def delete(self, uuid):
        if uuid not in self.providers:
            return 404
        if any(p.parent == uuid for p in self.providers.values()) or any(
                uuid in held for _, held in self.consumers.values()):
            return 409
        del self.providers[uuid]
        return 204

    def set_inventories(self, uuid, generation, inventories):
        provider = self.providers.get(uuid)
        if provider is None:
            return 404
        if generation != provider.generation:
            return 409
        if any(self.used(uuid, name) for name in provider.inventories if name not in inventories):
            return 409
        provider.inventories = inventories
        provider.generation += 1
        return 200

    def set_traits(self, uuid, generation, traits):
        provider = self.providers.get(uuid)
        if provider is None:
            return 404
        if generation != provider.generation:
            return 409
        if provider.traits != traits:
            provider.traits = traits
            provider.generation += 1
        return 200

    def claim(self, claims):
        """`claims` is {consumer: (generation, {provider: {class: amount}})}: all or none."""
        for consumer, (generation, _) in claims.items():
            if generation != (self.consumers[consumer][0] if consumer in self.consumers else None):
                return 409
        if any(uuid not in self.providers for _, wanted in claims.values() for uuid in wanted):
            return 400
        asked = {}
        for _, wanted in claims.values():
            for uuid, resources in wanted.items():
                for name, amount in resources.items():
                    inventory = self.providers[uuid].inventories.get(name)
                    if inventory is None or not self._fits_units(inventory, amount):
                        return 409
                    asked[uuid, name] = asked.get((uuid, name), 0) + amount
        for (uuid, name), amount in asked.items():
            after, before = self.used(uuid, name, claims) + amount, self.used(uuid, name)
            inventory = self.providers[uuid].inventories[name]
            if after > (inventory['total'] - inventory['reserved']) * inventory['allocation_ratio'] and (
                    before == 0 or after > before):
                return 409
        self._grant(claims)
        return 204

    def _grant(self, claims):
        bumped = set()
        for consumer, (_, wanted) in claims.items():
            old = self.consumers.pop(consumer, (0, {}))
            bumped |= set(wanted or old[1])
            if wanted:
                self.consumers[consumer] = (old[0] + 1, wanted)
        for uuid in bumped:
            self.providers[uuid].generation += 1

    @staticmethod
    def _fits_units(inventory, amount):
        return inventory['min_unit'] <= amount <= inventory['max_unit'] and amount % inventory['step_size'] == 0

    def release(self, consumer):
        return 204 if self.consumers.pop(consumer, None) else 404
