# SPDX-License-Identifier: Apache-2.0
"""What has to hold when many claim at once, on whatever database: mixed into a PlacementTest."""

import random
import threading
import uuid

from nova_lite.placement import errors
from tests.functional.placement.base import claim_body, uid


class ClaimsChecks:
    """No over-allocation, no lost or half claim, no answer but granted, full or conflict."""

    def test_many_on_one_provider(self):
        self.provider(uid(1), inventories={'VCPU': {'total': 64}})
        answers = self.race(16, 5, lambda worker, turn: [uid(1)])
        self.assertEqual({204: 64, 409: 16}, self.counts(answers))
        self.assertEqual({errors.UNDEFINED}, {a.error['code'] for a in answers if a.status == 409})
        self.check_sums(64, 64)

    def test_many_on_many_providers(self):
        for number in range(100):
            self.provider(uid(number), inventories={'VCPU': {'total': 2}})
        chance = random.Random(3)
        targets = [[uid(chance.randrange(100)) for _ in range(chance.choice((1, 1, 2, 3)))] for _ in range(32 * 10)]
        answers = self.race(32, 10, lambda worker, turn: targets[worker * 10 + turn])
        self.assertEqual({204, 409}, set(self.counts(answers)))
        used = 0
        for number in range(100):
            usage = self.ok('GET', f'/resource_providers/{uid(number)}/usages').json['usages']['VCPU']
            self.assertLessEqual(usage, 2)
            used += usage
        granted = sum(len(set(answer.targets)) for answer in answers if answer.status == 204)
        self.assertEqual(granted, used)

    def test_one_generation_has_one_winner(self):
        self.provider(uid(1), inventories={'VCPU': {'total': 64}})
        self.ok('PUT', f'/allocations/{uid(7)}', claim_body({uid(1): {'VCPU': 1}}))
        answers = self.together(8, lambda api, worker: api(
            'PUT', f'/allocations/{uid(7)}', claim_body({uid(1): {'VCPU': worker + 1}}, generation=1)))
        self.assertEqual({204: 1, 409: 7}, self.counts(answers))
        self.assertEqual({errors.CONCURRENT_UPDATE}, {a.error['code'] for a in answers if a.status == 409})
        self.assertEqual(2, self.ok('GET', f'/allocations/{uid(7)}').json['consumer_generation'])

    def test_a_new_consumer_is_made_once(self):
        self.provider(uid(1), inventories={'VCPU': {'total': 64}})
        answers = self.together(8, lambda api, worker: api(
            'PUT', f'/allocations/{uid(7)}', claim_body({uid(1): {'VCPU': 1}}, kind=f'KIND_{worker}')))
        self.assertEqual({204: 1, 409: 7}, self.counts(answers))
        self.check_sums(1, 64)

    def test_inventories_change_under_claims(self):
        self.provider(uid(1), inventories={'VCPU': {'total': 30}})
        path = f'/resource_providers/{uid(1)}'

        def act(api, worker):
            if worker % 4:
                return api('PUT', f'/allocations/{uuid.uuid4()}', claim_body({uid(1): {'VCPU': 1}}))
            generation = api('GET', path).json['generation']
            return api('PUT', f'{path}/inventories', {
                'resource_provider_generation': generation, 'inventories': {'VCPU': {'total': 30}}})

        answers = [answer for _ in range(4) for answer in self.together(16, act)]
        self.assertEqual(set(), set(self.counts(answers)) - {200, 204, 409})
        self.assertLessEqual(self.ok('GET', f'{path}/usages').json['usages']['VCPU'], 30)

    def test_names_are_made_by_all_at_once(self):
        answers = self.together(12, lambda api, worker: api('PUT', '/resource_classes/CUSTOM_SAME'))
        answers += self.together(12, lambda api, worker: api('PUT', f'/resource_classes/CUSTOM_{worker}'))
        answers += self.together(12, lambda api, worker: api('PUT', '/traits/CUSTOM_SAME'))
        self.assertEqual({201: 14, 204: 22}, self.counts(answers))

    # -- how the writers are run: half of them through another worker

    def race(self, writers, turns, choose):
        def work(api, writer):
            found = []
            for turn in range(turns):
                targets = choose(writer, turn)
                answer = api('PUT', f'/allocations/{uuid.uuid4()}', claim_body({t: {'VCPU': 1} for t in targets}))
                answer.targets = targets
                found.append(answer)
            return found
        return [answer for found in self.together(writers, work) for answer in found]

    def together(self, count, act):
        apis = [self.api, self.worker()]
        start = threading.Barrier(count)
        results = [None] * count

        def run(number):
            start.wait(30)
            results[number] = act(apis[number % 2], number)

        threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        self.assertNotIn(None, results)
        return results

    def counts(self, answers):
        counts = {}
        for answer in answers:
            counts[answer.status] = counts.get(answer.status, 0) + 1
        return counts

    def check_sums(self, used, total):
        """Usage, the allocations behind it and the generation agree."""
        path = f'/resource_providers/{uid(1)}'
        usage = self.ok('GET', f'{path}/usages').json
        self.assertEqual(used, usage['usages']['VCPU'])
        held = self.ok('GET', f'{path}/allocations').json
        self.assertEqual(used, sum(a['resources']['VCPU'] for a in held['allocations'].values()))
        self.assertEqual(1 + len(held['allocations']), usage['resource_provider_generation'])
