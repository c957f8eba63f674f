# SPDX-License-Identifier: Apache-2.0
"""What a placement endpoint costs: CPU milliseconds per request, of the server and of its database, and the latency.

python -m tests.perf.placement --url http://127.0.0.1:8778 --pids 4711 [--db-pids 815] [--nodes 1000] [--json FILE]

It empties the endpoint, then builds the load: compute nodes with 32 VCPUs, 128 GB and a 2 TB disk, every third of
them with two NUMA nodes below it that have the VCPUs and the memory; some traits, ten aggregates. The endpoint
believes the token `admin` (auth_strategy noauth2). Any server of the Placement API will do: upstream's and ours are
measured in one session.
"""

import argparse
import json
import os
import random
import statistics
import time
import uuid

import requests

TICK = os.sysconf('SC_CLK_TCK')
NAMES = uuid.UUID('0d7e3c59-7d55-4e0f-8d4c-1e5b6a0f2c11')
HEADERS = {'x-auth-token': 'admin', 'openstack-api-version': 'placement 1.39', 'accept': 'application/json'}
RESOURCES = 'resources=VCPU:1,MEMORY_MB:512,DISK_GB:5'
GROUPS = 'resources1=VCPU:1,MEMORY_MB:512&resources2=VCPU:1,MEMORY_MB:512&resources=DISK_GB:5&group_policy='


def uid(*words):
    return str(uuid.uuid5(NAMES, '/'.join(map(str, words))))


class Endpoint:
    """One server."""

    def __init__(self, url):
        self.url = url.rstrip('/')
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update(HEADERS)

    def __call__(self, method, path, body=None):
        answer = self.session.request(method, self.url + path, json=body, timeout=300)
        if answer.status_code >= 400:
            raise RuntimeError(f'{method} {path}: {answer.status_code} {answer.text[:300]}')
        return answer

    def empty(self):
        providers = self('GET', '/resource_providers').json()['resource_providers']
        for provider in providers:
            path = f'/resource_providers/{provider["uuid"]}'
            for consumer in self('GET', f'{path}/allocations').json()['allocations']:
                self('DELETE', f'/allocations/{consumer}')
        for provider in sorted(providers, key=lambda p: p['parent_provider_uuid'] is None):
            self('DELETE', f'/resource_providers/{provider["uuid"]}')

    def provider(self, new, parent, inventories, traits, aggregates):
        self('POST', '/resource_providers', {'uuid': new, 'name': new, 'parent_provider_uuid': parent})
        path = f'/resource_providers/{new}'
        self('PUT', f'{path}/inventories', {'resource_provider_generation': 0, 'inventories': inventories})
        self('PUT', f'{path}/traits', {'resource_provider_generation': 1, 'traits': traits})
        if aggregates:
            self('PUT', f'{path}/aggregates', {'resource_provider_generation': 2, 'aggregates': aggregates})

    def node(self, number):
        root, disk = uid('node', number), {'DISK_GB': {'total': 2000}}
        traits = ['COMPUTE_NODE'] + (['CUSTOM_PERF_FAST'] if number % 4 == 0 else [])
        aggregates = [uid('aggregate', number % 10)]
        if number % 3:
            self.provider(root, None, {**machine(32, 131072), **disk}, traits, aggregates)
            return
        self.provider(root, None, disk, traits, aggregates)
        for half in (0, 1):
            self.provider(uid('numa', number, half), root, machine(16, 65536), ['HW_NUMA_ROOT'], [])


def machine(cpus, memory):
    return {'VCPU': {'total': cpus, 'allocation_ratio': 16.0}, 'MEMORY_MB': {'total': memory}}


def claim(number):
    root = uid('node', number)
    small = {'VCPU': 1, 'MEMORY_MB': 1}
    held = {root: {'resources': {**small, 'DISK_GB': 1}}} if number % 3 else {
        root: {'resources': {'DISK_GB': 1}}, uid('numa', number, 0): {'resources': small}}
    return {'allocations': held, 'project_id': 'p', 'user_id': 'u', 'consumer_generation': None,
            'consumer_type': 'INSTANCE'}


def operations(nodes):
    """{name: function that returns (method, path, body)}"""
    def get(path):
        return lambda: ('GET', path, None)

    def of_node(suffix=''):
        return lambda: ('GET', f'/resource_providers/{uid("node", random.randrange(nodes))}{suffix}', None)

    candidates = '/allocation_candidates?'
    return {
        'candidates': get(candidates + RESOURCES),
        'candidates, limit 50': get(f'{candidates}{RESOURCES}&limit=50'),
        'candidates, a trait, limit 50': get(f'{candidates}{RESOURCES}&required=CUSTOM_PERF_FAST&limit=50'),
        'candidates, an aggregate': get(f'{candidates}{RESOURCES}&member_of={uid("aggregate", 1)}'),
        'candidates, 2 groups, isolate': get(f'{candidates}{GROUPS}isolate'),
        'candidates, 2 groups, none, limit 50': get(f'{candidates}{GROUPS}none&limit=50'),
        'candidates of one tree': lambda: (
            'GET', f'{candidates}{RESOURCES}&in_tree={uid("node", random.randrange(nodes))}', None),
        'providers': get('/resource_providers'),
        'providers with room': get(f'/resource_providers?{RESOURCES}'),
        'one provider': of_node(),
        'usages of a provider': of_node('/usages'),
        'usages of a project': get('/usages?project_id=p'),
        'a claim': lambda: ('PUT', f'/allocations/{uuid.uuid4()}', claim(random.randrange(nodes))),
        'the version document': get('/'),
    }


def cpu_ms(pids):
    """User and system time of these processes and their children."""
    parents = {}
    for name in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{name}/stat', encoding='ascii', errors='replace') as stat:
                fields = stat.read().rsplit(')', 1)[1].split()
        except OSError:
            continue
        parents[int(name)] = int(fields[1]), int(fields[11]) + int(fields[12])
    family = set(pids)
    while more := {pid for pid, (parent, _) in parents.items() if parent in family} - family:
        family |= more
    return sum(parents[pid][1] for pid in family if pid in parents) * 1000 / TICK


def measure(endpoint, make, seconds, pids, db_pids):
    """One run: requests one after the other for so long."""
    endpoint(*make())
    server, database, began = cpu_ms(pids), cpu_ms(db_pids), time.monotonic()
    took = []
    while time.monotonic() - began < seconds or len(took) < 3:
        start = time.monotonic()
        endpoint(*make())
        took.append((time.monotonic() - start) * 1000)
    return {'server': (cpu_ms(pids) - server) / len(took), 'database': (cpu_ms(db_pids) - database) / len(took),
            'latency': statistics.median(took)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    pids = lambda text: [int(pid) for pid in text.split(',') if pid]
    parser.add_argument('--url', required=True)
    parser.add_argument('--pids', type=pids, default=[])
    parser.add_argument('--db-pids', type=pids, default=[])
    parser.add_argument('--nodes', type=int, default=1000)
    parser.add_argument('--seconds', type=float, default=1.5)
    parser.add_argument('--repeat', type=int, default=3)
    parser.add_argument('--loaded', action='store_true', help='the load is there from an earlier run')
    parser.add_argument('--json')
    args = parser.parse_args()
    endpoint = Endpoint(args.url)
    if not args.loaded:
        endpoint.empty()
        endpoint('PUT', '/traits/CUSTOM_PERF_FAST')
        for number in range(args.nodes):
            endpoint.node(number)
    report = {}
    print(f'{"CPU ms per request, " + str(args.nodes) + " nodes":40} {"server":>8} {"database":>9} {"latency":>8}')
    for name, make in operations(args.nodes).items():
        runs = [measure(endpoint, make, args.seconds, args.pids, args.db_pids) for _ in range(args.repeat)]
        row = report[name] = {key: round(statistics.median(run[key] for run in runs), 2) for key in runs[0]}
        print(f'{name:40} {row["server"]:8.2f} {row["database"]:9.2f} {row["latency"]:8.1f}', flush=True)
    if args.json:
        with open(args.json, 'w', encoding='utf-8') as target:
            json.dump(report, target, indent=1)


if __name__ == '__main__':
    main()
