# SPDX-License-Identifier: Apache-2.0
"""Runs osc-placement's own functional tests, from its wheel, against any endpoint, which it wipes before each test.

Run by the Python of a virtual environment that has `osc-placement`, `python-openstackclient` and `oslotest`; it
imports nothing of ours but judge.py beside it. `osc_judge.py URL`: prints what failed and a line of counts; exit code 1
if something did.
"""

import os
import sys
import types
import unittest

import fixtures
import judge


def main(url):
    """Judge; the exit code."""
    service = judge.Endpoint(url)
    os.environ['PATH'] = f'{os.path.dirname(sys.executable)}:{os.environ["PATH"]}'

    class PlacementFixture(fixtures.Fixture):
        """Stands for upstream's service inside the process."""

        endpoint = url
        token = 'admin'

        def _setUp(self):
            service.wipe()

    _pretend('placement.tests.functional.fixtures.placement', PlacementFixture=PlacementFixture)
    _pretend('placement.tests.functional.fixtures.capture', Logging=fixtures.FakeLogger)
    from osc_placement.tests import functional

    suite = unittest.TestLoader().discover(functional.__path__[0], top_level_dir=_top(functional))
    result = unittest.TestResult()
    suite.run(result)
    for test, error in result.failures + result.errors:
        print(test, '\n', error[-1500:])
    bad = len(result.failures) + len(result.errors)
    print(f'{result.testsRun - bad - len(result.skipped)} passed, {bad} failed, {len(result.skipped)} left out')
    return 1 if bad or not result.testsRun else 0


def _top(package):
    return package.__path__[0].rsplit('/osc_placement/', 1)[0]


def _pretend(name, **contents):
    """A module of this name, and the packages above it."""
    parts = name.split('.')
    for depth in range(1, len(parts) + 1):
        path = '.'.join(parts[:depth])
        if path not in sys.modules:
            sys.modules[path] = types.ModuleType(path)
            sys.modules[path].__path__ = []
        if depth > 1:
            setattr(sys.modules['.'.join(parts[:depth - 1])], parts[depth - 1], sys.modules[path])
    vars(sys.modules[name]).update(contents)


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
