# SPDX-License-Identifier: Apache-2.0
"""CPU of one decision, without placement's own: `python -m tests.perf.scheduler [--mariadb] [--profile] [hosts ...]`.

Placement is in memory, but its answer goes through JSON, as it does over HTTP. The database is SQLite in memory, or a
private MariaDB, whose own CPU is not counted.
"""

import cProfile
import pstats
import sys
import time

import msgspec

from nova_lite.clients.placement import Candidates
from nova_lite.scheduler.select import select
from tests.fakes.placement import FakePlacement
from tests.integration.parts import Parts
from tests.unit.scheduler.cloud import Cloud

# About as much as a libvirt host tells.
_CPU = {'arch': 'x86_64', 'model': 'EPYC', 'vendor': 'AMD', 'topology': {'cores': 32, 'sockets': 2, 'threads': 2},
        'features': [f'feature{number}' for number in range(90)]}


class _Wired(FakePlacement):
    """Answers as bytes that were made before the clock started."""

    def __init__(self):
        super().__init__()
        self.body = None

    def candidates(self, query):
        if self.body is None:
            self.body = msgspec.json.encode(super().candidates(query))
        return msgspec.json.decode(self.body, type=Candidates)


def measure(count, url, decisions=10, profile=False):
    """CPU seconds of one decision among `count` hosts."""
    cloud = Cloud(url, placement=_Wired())
    for number in range(count):
        cloud.add_host(f'host{number:05}', vcpus=128, memory_mb=512 * 1024, local_gb=4000, cpu_info=_CPU)
    for number in range(count // 50):
        cloud.aggregate(f'rack{number}', [f'host{each:05}' for each in range(number * 50, number * 50 + 50)],
                        rack=str(number))
    parts = cloud.parts()
    select(cloud.new_server(), parts)
    wishes = [cloud.new_server() for _ in range(decisions)]
    profiler = cProfile.Profile()
    started = time.process_time()
    if profile:
        profiler.enable()
    for wish in wishes:
        assert select(wish, parts).destination
    profiler.disable()
    spent = (time.process_time() - started) / decisions
    if profile:
        pstats.Stats(profiler).sort_stats('tottime').print_stats(25)
    cloud.close()
    return spent


def main(arguments):
    counts = [int(each) for each in arguments if each.isdecimal()] or [10, 100, 1000]
    parts, urls = Parts(), ['sqlite://'] * len(counts)
    try:
        if '--mariadb' in arguments:
            server = parts.mariadb(*[f'nova{count}' for count in counts])
            urls = [server.url(f'nova{count}') for count in counts]
        for count, url in zip(counts, urls, strict=True):
            spent = measure(count, url, profile='--profile' in arguments)
            print(f'{count:6} hosts: {spent * 1000:8.1f} ms CPU a decision')
    finally:
        parts.stop()


if __name__ == '__main__':
    main(sys.argv[1:])
