# SPDX-License-Identifier: Apache-2.0
"""What a daemon's parts are given: the outside world in one bundle, real or simulated."""

import dataclasses
import random as random_module
import threading
from collections.abc import Callable
from typing import Any

from nova_lite.service.clock import Clock, SystemClock
from nova_lite.service.executor import Executor, ThreadExecutor
from nova_lite.service.health import Health


def _no_daemon(reason):
    raise RuntimeError(f'No daemon to stop: {reason}')


@dataclasses.dataclass
class Runtime:
    """Options, clock, executor, chance and message bus.

    `stopping` is set as soon as the daemon is told to stop: who waits for something watches it. `fail(reason)` ends the
    daemon with an error, for a part that can do no more good (a lost lease). `health` feeds the watchdog.
    """

    conf: Any
    clock: Clock
    executor: Executor
    random: random_module.Random
    bus: Any
    health: Health = dataclasses.field(default_factory=Health)
    stopping: threading.Event = dataclasses.field(default_factory=threading.Event)
    fail: Callable[[str], None] = _no_daemon


def real(conf, bus, workers=None):
    """A Runtime of the real world with `workers` threads; `bus` may be a function that is given the executor."""
    random = random_module.Random()
    executor = ThreadExecutor(workers or conf.default_thread_pool_size, random)
    return Runtime(
        conf=conf, clock=SystemClock(), executor=executor, random=random, bus=bus(executor) if callable(bus) else bus)
