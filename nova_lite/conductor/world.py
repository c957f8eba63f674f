# SPDX-License-Identifier: Apache-2.0
"""What the conductor's work may reach, in one bundle: passed in, so that a simulation can bring its own."""

import dataclasses
import random as random_module
from typing import Any


@dataclasses.dataclass(frozen=True)
class World:
    """Options, databases, clock, executor, chance; and the faces of other daemons and services."""

    conf: Any
    cells: Any
    clock: Any
    executor: Any
    random: random_module.Random
    scheduler: Any
    computes: Any
    placement: Any
    vault: Any
