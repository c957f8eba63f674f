# SPDX-License-Identifier: Apache-2.0
"""Weights, their sum, and the order of hosts."""

import random

import testtools
from hypothesis import given, settings
from hypothesis import strategies as st

from nova_lite import conf as conf_module
from nova_lite.scheduler import rank, registry
from tests.unit.scheduler.test_filters import aggregate, group, host, request


class RankTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.conf = conf_module.new(config_files=[], config_dirs=[])
        self.options = self.conf.filter_scheduler

    def set(self, **options):
        for name, value in options.items():
            self.conf.set_override(name, value, group='filter_scheduler')

    def weights(self, name, hosts, asked=None):
        return rank.weigh(hosts, [registry.WEIGHERS[name](self.conf)], asked or request())

    def order(self, hosts, asked=None, seed=1):
        weighers = registry.weighers(self.conf)
        ranked = rank.rank(hosts, weighers, asked or request(), self.options, random.Random(seed))
        return [each.host for each in ranked]

    def test_each_weigher(self):
        cases = {
            'CPUWeigher': [{'free_vcpus': n} for n in (0, 5, 10)],
            'RAMWeigher': [{'free_ram_mb': n} for n in (-5, 512, 1024)],
            'DiskWeigher': [{'free_disk_gb': n} for n in (0, 50, 100)],
            'HypervisorVersionWeigher': [{'facts': {'hypervisor_version': n}} for n in (4000000, 5000000, 6000000)],
        }
        for name, values in cases.items():
            hosts = [host(f'h{number}', **each) for number, each in enumerate(values)]
            self.assertEqual([0.0, 0.5, 1.0], self.weights(name, hosts), name)

    def test_io_ops_are_better_few(self):
        self.assertEqual([0.0, -0.5, -1.0], self.weights('IoOpsWeigher', [host(io_ops=n) for n in (0, 2, 4)]))

    def test_hosts_that_fail_come_last(self):
        hosts = [host('bad', free_ram_mb=1000, build_failures=2), host('good', free_ram_mb=1)]
        self.assertEqual(['good', 'bad'], self.order(hosts))

    def test_zero_is_the_floor_not_the_least(self):
        """Nova's RAM weigher scales from 0: two hosts that are both well off differ little."""
        self.assertEqual([0.9, 1.0], self.weights('RAMWeigher', [host(free_ram_mb=n) for n in (900, 1000)]))

    def test_num_instances(self):
        self.set(num_instances_weight_multiplier=-2.0)
        self.assertEqual([0.0, -2.0], self.weights('NumInstancesWeigher', [host(servers=n) for n in (3, 7)]))

    def test_soft_groups(self):
        asked = request(group=group('soft-affinity', {'a': 'h1', 'b': 'h1', 'c': 'h2', 'server': 'h3'}))
        hosts = [host('h1'), host('h2'), host('h3')]
        self.assertEqual([1.0, 0.5, 0.0], self.weights('ServerGroupSoftAffinityWeigher', hosts, asked))
        self.assertEqual([0.0] * 3, self.weights('ServerGroupSoftAntiAffinityWeigher', hosts, asked))
        asked = request(group=group('soft-anti-affinity', {'a': 'h1', 'b': 'h1', 'c': 'h2'}))
        self.assertEqual([0.0, 0.5, 1.0], self.weights('ServerGroupSoftAntiAffinityWeigher', hosts, asked))

    def test_multiplier_of_an_aggregate_goes_first(self):
        both = (aggregate(ram_weight_multiplier='3'), aggregate(ram_weight_multiplier='-2.5'))
        hosts = [host('h1', free_ram_mb=10, aggregates=both), host('h2', free_ram_mb=10), host('h3')]
        asked = request()
        asked = type(asked)(wish=asked.wish, aggregates=both)
        self.assertEqual([-2.5, 1.0, 0.0], self.weights('RAMWeigher', hosts, asked))

    def test_negative_multiplier_stacks(self):
        hosts = [host('full', free_ram_mb=1), host('empty', free_ram_mb=100)]
        self.assertEqual(['empty', 'full'], self.order(hosts))
        self.set(ram_weight_multiplier=-1.0)
        self.assertEqual(['full', 'empty'], self.order(hosts))

    def test_equal_hosts_differ_by_server_not_by_scheduler(self):
        hosts = [host(f'h{number}') for number in range(8)]
        self.assertEqual(self.order(hosts, seed=1), self.order(list(reversed(hosts)), seed=2))

    def test_subset_takes_one_of_the_best(self):
        self.set(host_subset_size=2)
        hosts = [host(f'h{number}', free_ram_mb=number) for number in range(5)]
        firsts = {self.order(hosts, seed=seed)[0] for seed in range(30)}
        self.assertEqual({'h3', 'h4'}, firsts)

    def test_shuffle_touches_equals_only(self):
        self.set(shuffle_best_same_weighed_hosts=True)
        hosts = [host('a', free_ram_mb=9), host('b', free_ram_mb=9), host('c', free_ram_mb=1)]
        orders = {tuple(self.order(hosts, seed=seed)) for seed in range(30)}
        self.assertEqual({('a', 'b', 'c'), ('b', 'a', 'c')}, orders)


class ScaleTest(testtools.TestCase):
    @given(st.lists(st.floats(-1e9, 1e9), min_size=1), st.none() | st.floats(-100, 0))
    def test_scale(self, values, lowest):
        scaled = rank.scale(values, lowest)
        if scaled is None:
            return
        if lowest is None or max(values) > lowest:
            self.assertTrue(all(0 <= each <= 1.000001 for each in scaled), scaled)
            pairs = sorted(zip(values, scaled, strict=True))
            self.assertEqual([each for _, each in pairs], sorted(scaled))

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=12), st.integers(1, 4), st.booleans())
    def test_rank_loses_and_invents_nobody(self, values, subset, shuffle):
        conf = conf_module.new(config_files=[], config_dirs=[])
        conf.set_override('host_subset_size', subset, group='filter_scheduler')
        conf.set_override('shuffle_best_same_weighed_hosts', shuffle, group='filter_scheduler')
        hosts = [host(f'h{number}', free_ram_mb=ram, io_ops=ops) for number, (ram, ops) in enumerate(values)]
        ranked = list(rank.rank(hosts, registry.weighers(conf), request(), conf.filter_scheduler, random.Random(1)))
        self.assertEqual(sorted(each.host for each in hosts), sorted(each.host for each in ranked))
