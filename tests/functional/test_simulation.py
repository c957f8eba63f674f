# SPDX-License-Identifier: Apache-2.0
"""Many seeds of the simulation. SEEDS=N plays N of them (.ci/run: more), SEED=N only that one, with its log."""

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
        for seed in range(number, int(os.environ.get('SEEDS') or 60), SHARES):
            play(seed)
    return test


for _number in range(SHARES):
    setattr(Simulation, f'test_share_{_number}', _share(_number))
