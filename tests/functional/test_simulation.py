# SPDX-License-Identifier: Apache-2.0
"""Many seeds of the simulation: 40, or 300 with DEEP=1 (as .ci/run). SEEDS=N plays N of them, SEED=N only that one."""

import logging
import os

import testtools

from tests.functional.simulation import Cloud

# Each test plays a share, so that test workers can divide them.
SHARES = 6


def play(seed):
    """Play one seed; AssertionError with the seed and what had been done."""
    cloud = Cloud(seed)
    try:
        cloud.play()
        cloud.check()
    except Exception as error:
        said = '\n'.join(' '.join(str(word) for word in line) for line in cloud.log)
        raise AssertionError(f'seed {seed} fails (play it again with SEED={seed}): {error}\n{said}') from error
    finally:
        cloud.close()


class Simulation(testtools.TestCase):
    def setUp(self):
        super().setUp()
        root = logging.getLogger()
        level = root.level
        root.setLevel(logging.CRITICAL)
        self.addCleanup(root.setLevel, level)


def _share(number):
    def test(self):
        if os.environ.get('SEED'):
            if number == 0:
                play(int(os.environ['SEED']))
            return
        seeds = int(os.environ.get('SEEDS') or (300 if os.environ.get('DEEP') else 40))
        for seed in range(number, seeds, SHARES):
            play(seed)
    return test


for _number in range(SHARES):
    setattr(Simulation, f'test_share_{_number}', _share(_number))
