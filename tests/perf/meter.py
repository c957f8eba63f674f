# SPDX-License-Identifier: Apache-2.0
"""What a piece of work costs a group of processes: CPU seconds, memory, and counters that others keep.

It knows nothing of what the processes do. CPU seconds do not depend on how long a process waited for a core, but busy
neighbours inflate them all the same; so beside each measurement is kept what a fixed piece of Python cost then.
"""

import json
import os
import pathlib
import re
import subprocess
import time

_TICK = os.sysconf('SC_CLK_TCK')
_CALIBRATION_ROUNDS = 20


def calibrate():
    """CPU seconds of a fixed piece of Python, here and now."""
    started = time.process_time()
    for _ in range(_CALIBRATION_ROUNDS):
        json.loads(json.dumps({str(number): [number, {'a': number}] for number in range(5000)}))
    return time.process_time() - started


class Processes:
    """The trees of processes whose roots have a pid file NAME.pid in `folder`."""

    def __init__(self, folder):
        self._roots = {}
        for path in sorted(pathlib.Path(folder).glob('*.pid')):
            pid = int(path.read_text())
            if pid in _table() and pid not in self._roots.values():
                self._roots[path.stem] = pid
        if not self._roots:
            raise SystemExit(f'{folder} has no pid file of a running process')

    def cpu(self):
        """Kind of daemon -> CPU seconds so far, of its processes and of their children that have ended."""
        return self._sum(_table(), lambda pid, row: row[1])

    def memory(self):
        """Kind of daemon -> MiB, what processes share divided among them."""
        return self._sum(_table(), lambda pid, row: _shared_out(pid))

    def count(self):
        """Kind of daemon -> number of processes."""
        return self._sum(_table(), lambda pid, row: 1)

    def _sum(self, table, value):
        children = {}
        for pid, (parent, _) in table.items():
            children.setdefault(parent, []).append(pid)
        found = {}
        for name, root in self._roots.items():
            kind, waiting = re.sub(r'-?\d+$', '', name), [root]
            while waiting:
                pid = waiting.pop()
                if pid in table:
                    found[kind] = found.get(kind, 0) + value(pid, table[pid])
                    waiting += children.get(pid, [])
        return found


class Meter:
    """`with Meter(processes, counters) as meter:`; then `cpu`, `counts`, `seconds` and `calibration` tell the cost.

    `counters` maps a name to a shell command that prints a number which only grows.
    """

    def __init__(self, processes, counters):
        self._processes = processes
        self._counters = counters

    def __enter__(self):
        self.calibration = calibrate()
        # The second reading knows what a reading itself adds.
        first, self._before = self._read(), self._read()
        self._reading = {name: self._before[name] - first[name] for name in first}
        self._cpu, self._started = self._processes.cpu(), time.monotonic()
        return self

    def __exit__(self, *_error):
        self.seconds = time.monotonic() - self._started
        after = self._processes.cpu()
        self.cpu = {kind: after[kind] - self._cpu.get(kind, 0) for kind in after}
        counts = self._read()
        self.counts = {name: max(0, counts[name] - self._before[name] - self._reading[name]) for name in counts}
        self.calibration = (self.calibration + calibrate()) / 2

    def _read(self):
        values = {}
        for name, command in self._counters.items():
            said = subprocess.run(['sh', '-c', command], capture_output=True, text=True, check=True).stdout
            values[name] = int(float(said.split()[-1]))
        return values


def _table():
    """pid -> (its parent, CPU seconds of it and its ended children)."""
    table = {}
    for path in pathlib.Path('/proc').glob('[0-9]*/stat'):
        try:
            fields = path.read_text().rpartition(')')[2].split()
        except OSError:
            continue  # ended meanwhile
        table[int(path.parent.name)] = int(fields[1]), sum(map(int, fields[11:15])) / _TICK
    return table


def _shared_out(pid):
    try:
        text = pathlib.Path(f'/proc/{pid}/smaps_rollup').read_text()
    except OSError:
        return 0  # ended meanwhile
    return int(re.search(r'^Pss:\s+(\d+)', text, re.MULTILINE)[1]) / 1024
