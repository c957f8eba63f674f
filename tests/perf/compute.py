# SPDX-License-Identifier: Apache-2.0
"""The cost of a compute cloud's everyday work, measured on any that speaks the compute API, ours and others' alike.

    python -m tests.perf.compute run [--rounds 3] [--measure boot,idle,...] [--runs FILE] TARGET [TARGET ...]
    python -m tests.perf.compute table [--runs FILE] [NAME NAME]

`run` measures the targets in turn, round by round, so that each has the same neighbours, and adds a line of JSON to
FILE for each measurement. `table` prints the medians of FILE and the quotient of the two targets named. What a target
is, `tests.perf.target` says. Measures: idle memory boot (deletion with it) show detail_50 detail_1000 list_1000; and
fill, which makes 1000 servers for the reads and leaves them there.
"""

import argparse
import json
import os
import pathlib
import statistics
import sys
import time
import uuid

from tests.perf.target import BACKENDS, Target

READS = {'show': ('/servers/{server}', 100), 'detail_50': ('/servers/detail?limit=50', 50),
         'detail_1000': ('/servers/detail?limit=1000', 3), 'list_1000': ('/servers?limit=1000', 8)}
MEASURES = ('idle', 'memory', 'boot', 'fill', *READS)
FILLED, BATCH = 1000, 50
# A read takes so little that what the others do by themselves meanwhile would hide it.
ANSWERING = ('api', 'nova-api', 'mariadb', 'mariadbd', 'keystone', 'memcached')
# What a column shows: the figure it has in most measures, the one in `memory`.
COLUMNS = {'own CPU s (MiB)': ('own_cpu', 'own_mib'), 'all CPU s (MiB)': ('all_cpu', 'all_mib'), 'SQL': ('sql',),
           'AMQP': ('amqp',), 'wall s': ('seconds',)}


def idle(target, _options):
    """One minute in which nobody asks anything."""
    with target.meter() as meter:
        time.sleep(60)
    yield 'idle', _cost(meter, meter.seconds / 60)


def memory(target, _options):
    """What the daemons hold."""
    held = target.processes.memory()
    yield 'memory', {'own_mib': _own(held), 'all_mib': sum(held.values()), 'by_daemon': held,
                     'processes': target.processes.count()}


def boot(target, options):
    """`count` servers by requests side by side until all are ACTIVE; then the same servers' deletion."""
    prefix = f'perf-{uuid.uuid4().hex[:8]}'
    asked = f'&name={prefix}'
    with target.meter() as meter:
        made = target.many(target.create, [f'{prefix}-{number}' for number in range(options.count)])
        target.wait(lambda: len(target.servers(f'{asked}&status=ACTIVE')) == options.count, options.poll)
    servers = [one.result() for one in made]
    yield 'boot', _cost(meter, options.count)
    with target.meter() as meter:
        gone = target.many(target.delete, servers)
        target.wait(lambda: not target.servers(asked), options.poll)
    for one in gone:
        one.result()
    yield 'delete', _cost(meter, options.count)


def fill(target, options):
    """Servers up to FILLED, BATCH with each request."""
    with target.meter() as meter:
        before = have = len(target.servers())
        while have < FILLED:
            count, name = min(BATCH, FILLED - have), f'fill-{uuid.uuid4().hex[:8]}'
            target.create(name, min_count=count, max_count=count)
            target.wait(lambda: len(target.servers(f'&name={name}&status=ACTIVE')) == count, options.poll)  # noqa: B023
            have += count
    yield 'fill', _cost(meter, max(1, have - before))


def read(measure):
    """A measure of many GETs, one after the other."""
    path, calls = READS[measure]

    def measured(target, _options):
        url = path.format(server=next(iter(target.servers('&status=ACTIVE')), None))
        body = json.loads(target.get(url))
        if '1000' in measure and len(body['servers']) < FILLED:
            raise AssertionError(f'{target.name} has {len(body["servers"])} servers instead of {FILLED}: fill it first')
        with target.meter() as meter:
            for _ in range(calls):
                target.get(url)
        yield measure, _cost(meter, calls, ANSWERING)
    return measured


def run(options):
    """Measure each target in turn, and keep what came out."""
    targets = [Target(place, options.concurrency) for place in options.targets]
    for measure in options.measure.split(','):
        does = {'idle': idle, 'memory': memory, 'boot': boot, 'fill': fill}.get(measure) or read(measure)
        for round_ in range(1 if measure in ('memory', 'fill') else options.rounds):
            for target in targets:
                for name, figures in does(target, options):
                    line = {'target': target.name, 'measure': name, 'round': round_, 'load': os.getloadavg()[0]}
                    line |= figures
                    with options.runs.open('a') as kept:
                        kept.write(json.dumps(line) + '\n')
                    print({key: value for key, value in line.items() if key != 'by_daemon'}, file=sys.stderr)


def table(options):
    """Print medians, CPU seconds as on a machine whose calibration is the median of all."""
    runs = [json.loads(line) for line in options.runs.read_text().splitlines()]
    speed = statistics.median(one['calibration'] for one in runs if 'calibration' in one)
    names = options.targets or sorted({one['target'] for one in runs})
    print(f'Calibration {speed:.3f} s; {" / ".join(names)}{" (quotient)" if len(names) == 2 else ""}\n')
    print('|', ' | '.join(('measure', *COLUMNS)), '|')
    print('| --- |', ' | '.join('---:' for _ in COLUMNS), '|')
    for measure in dict.fromkeys(one['measure'] for one in runs):
        sides = [[one for one in runs if (one['measure'], one['target']) == (measure, name)] for name in names]
        print(f'| {measure} |', ' | '.join(_cell(sides, figures, speed) for figures in COLUMNS.values()), '|')


def _cell(sides, figures, speed):
    """The medians of a figure, whichever of its names a measure has, and the quotient of two."""
    found = [[one[name] * (speed / one['calibration'] if name.endswith('_cpu') else 1)
              for one in side for name in figures if name in one] for side in sides]
    if not all(found):
        return ''
    values = [statistics.median(each) for each in found]
    quotient = f' ({values[1] / values[0]:.1f})' if len(values) == 2 and values[0] else ''
    return ' / '.join(f'{value:.0f}' if value >= 100 else f'{value:.3g}' for value in values) + quotient


def _cost(meter, operations, daemons=None):
    """Everything for one operation; CPU of these daemons only, if given."""
    by_daemon = {kind: round(seconds / operations, 5) for kind, seconds in meter.cpu.items()
                 if daemons is None or kind in daemons}
    return {'own_cpu': _own(by_daemon), 'all_cpu': sum(by_daemon.values()), 'seconds': meter.seconds / operations,
            **{name: value / operations for name, value in meter.counts.items()},
            'calibration': meter.calibration, 'by_daemon': by_daemon}


def _own(by_daemon):
    return sum(value for kind, value in by_daemon.items() if kind not in BACKENDS)


def main(arguments):
    parser = argparse.ArgumentParser(prog='python -m tests.perf.compute', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('command', choices=('run', 'table'))
    parser.add_argument('targets', nargs='*')
    parser.add_argument('--measure', default='idle,memory,boot')
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--count', type=int, default=30, help='servers of one boot')
    parser.add_argument('--concurrency', type=int, default=10, help='requests side by side')
    parser.add_argument('--poll', type=float, default=1.0, help='seconds between two looks whether all is done')
    parser.add_argument('--runs', type=pathlib.Path, default=pathlib.Path('perf-runs.jsonl'))
    options = parser.parse_args(arguments)
    for measure in options.measure.split(','):
        if measure not in MEASURES:
            parser.error(f'{measure} is none of {", ".join(MEASURES)}')
    (run if options.command == 'run' else table)(options)


if __name__ == '__main__':
    main(sys.argv[1:])
