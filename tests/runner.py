# SPDX-License-Identifier: Apache-2.0
"""Runs the suites one after the other under stestr and adds up what they say: the body of ``make test``.

``python -m tests.runner [SUITE ...]``. Variables: DEEP=1 runs the slow tests too, CI=true turns a missing part from a
skip into a failure, TEST_MINUTES is how long all of it may take.
"""

import collections
import configparser
import io
import os
import pathlib
import signal
import subprocess
import sys
import time

import subunit
import testtools

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = pathlib.Path(sys.executable).parent
SUITES = ('unit', 'functional', 'contracts', 'conformance', 'integration')
# These own whole machines' parts (databases, brokers, guests): side by side they would only slow each other down.
ONE_BY_ONE = ('conformance', 'integration')
SUMMARY = ROOT / 'var' / 'tests' / 'summary'


class Tally:
    """What has been counted so far, over all suites."""

    def __init__(self):
        self.passed = self.failed = 0
        self.failures = []
        self.skipped = collections.Counter()
        self.left_out = []

    def add(self, stream):
        """Count the results in ``stream`` (subunit, version 2); returns how many failed."""
        summary = testtools.StreamSummary()
        summary.startTestRun()
        subunit.ByteStreamToStreamResult(stream, non_subunit_name='output').run(summary)
        summary.stopTestRun()
        bad = [test.id() for test, _details in summary.failures + summary.errors]
        bad += [test.id() for test in summary.unexpectedSuccesses]
        self.failures += bad
        self.failed += len(bad)
        self.passed += summary.testsRun - len(bad) - len(summary.skipped)
        self.skipped.update(reason.strip() for _test, reason in summary.skipped)
        return len(bad)

    def fail(self, what):
        self.failures.append(what)
        self.failed += 1

    def line(self):
        return f'{self.passed} passed, {self.failed} failed, {sum(self.skipped.values())} skipped'


def main(suites):
    """Run ``suites`` (all without a word); returns the exit status."""
    unknown = [name for name in suites if name not in SUITES]
    if unknown:
        print(f'no such suite: {", ".join(unknown)}; there are {", ".join(SUITES)}', file=sys.stderr)
        return 2
    minutes = float(os.environ.get('TEST_MINUTES') or (80 if os.environ.get('DEEP') else 25))
    deadline = time.monotonic() + minutes * 60
    tally = Tally()
    if not suites:
        _lint(tally)
    for suite in suites or SUITES:
        if not any((ROOT / 'tests' / suite).rglob('test_*.py')):
            tally.left_out.append(f'{suite}: it has no tests')
            continue
        _suite(suite, tally, deadline)
    _report(tally)
    SUMMARY.parent.mkdir(parents=True, exist_ok=True)
    SUMMARY.write_text(tally.line() + '\n')
    print(tally.line(), flush=True)
    return 1 if tally.failed or not tally.passed else 0


def _lint(tally):
    setup = configparser.ConfigParser()
    setup.read(ROOT / 'setup.cfg')
    checks = [[BIN / 'ruff', 'check', '--quiet', '.']]
    if setup.has_section('importlinter'):
        checks.append([BIN / 'lint-imports'])
    for argv in checks:
        print(f'\n== {argv[0].name}', flush=True)
        if subprocess.run(argv, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode:
            tally.fail(argv[0].name)
        else:
            tally.passed += 1


def _suite(suite, tally, deadline):
    print(f'\n== {suite}', flush=True)
    began = time.monotonic()
    workers = 1 if suite in ONE_BY_ONE else os.cpu_count() or 1
    stestr = [BIN / 'stestr', '--test-path', f'./tests/{suite}', '--top-dir', './']
    run = subprocess.Popen([*stestr, 'run', '--concurrency', str(workers)], cwd=ROOT, stdin=subprocess.DEVNULL,
                           start_new_session=True)
    try:
        code = run.wait(max(deadline - began, 1))
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        tally.fail(f'{suite}: stopped because the time for all tests was over')
        return
    except KeyboardInterrupt:
        os.killpg(run.pid, signal.SIGINT)
        run.wait()
        raise
    last = subprocess.run([*stestr, 'last', '--subunit'], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          check=False)
    with _stream(last.stdout) as stream:
        bad = tally.add(stream)
    if code and not bad:
        tally.fail(f'{suite}: stestr ended with {code}')
    print(f'== {suite} took {time.monotonic() - began:.0f} s', flush=True)


def _stream(data):
    return io.BytesIO(data)


def _report(tally):
    if tally.skipped or tally.left_out:
        print('\nLeft out:')
        for reason, count in tally.skipped.most_common():
            print(f'  {count} x {reason}')
        for line in tally.left_out:
            print(f'  {line}')
    if tally.failures:
        print('\nFailed:')
        for name in tally.failures:
            print(f'  {name}')
    print()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
