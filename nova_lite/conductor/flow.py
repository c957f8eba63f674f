# SPDX-License-Identifier: Apache-2.0
"""The words a workflow is written in: Step, Attempts, Workflow, and how a step ends. No behaviour of the engine.

A step ends in one of three ways: it returns (done), raises an `errors.Error` other than Unavailable (refused: a
definite no), or raises anything else (unknown: to be measured again). A step that gave work to a host raises Waiting.
"""

import dataclasses
from collections.abc import Callable

from nova_lite import errors


class Waiting(Exception):
    """A host works on it and will report; nothing holds a thread meanwhile."""


class Final(errors.Conflict):
    """A refusal that another attempt would meet again."""


@dataclasses.dataclass(frozen=True)
class Result:
    """What a step found or made. `value` is plain data, journaled; `server` are changes of the server's row and
    `explanation` of the order's, written in the same commit.
    """

    value: dict = dataclasses.field(default_factory=dict)
    server: dict = dataclasses.field(default_factory=dict)
    explanation: object = None


@dataclasses.dataclass(frozen=True)
class Closing:
    """How an order leaves its server: changes of the server's row, and what is known of the guest.

    `power_state` None means nothing new; `forget_guest` that there is none any more. `fault` is what the user is told
    of a failure, the refusal's own words if None.
    """

    server: dict = dataclasses.field(default_factory=dict)
    power_state: int | None = None
    forget_guest: bool = False
    fault: str | None = None


@dataclasses.dataclass(frozen=True)
class Step:
    """One step: `do`, and `undo` for what `do` may have done. Both run again after a crash: they measure, then act.

    `at` says on which host the step acts, before it does; `task_state` what the server shows meanwhile. `when` is
    asked once, before the step: False skips it. After a step with `no_return` the engine only goes forward.
    `deadline`: seconds of unknown outcome before the order turns back; None: `[orders] step_deadline`.
    """

    do: Callable
    undo: Callable | None = None
    at: Callable | None = None
    when: Callable | None = None
    task_state: str | None = None
    no_return: bool = False
    deadline: float | None = None

    @property
    def name(self):
        return self.do.__name__


@dataclasses.dataclass(frozen=True)
class Attempts:
    """Steps that are undone as a whole and entered again when one of them is refused; `most` is given the options."""

    steps: tuple
    most: Callable


@dataclasses.dataclass(frozen=True)
class Workflow:
    """An operation's steps, and how it leaves the server: `succeeded(at)` and `failed(at, refusal)` give a Closing.

    A `forward_only` one never turns back, so it has no `failed`: what is refused there is stuck, and tried again.
    """

    name: str
    steps: tuple
    succeeded: Callable
    failed: Callable | None = None
    version: int = 1
    forward_only: bool = False

    def __post_init__(self):
        names = [step.name for step, _ in self.flat()]
        if len(set(names)) != len(names):
            raise ValueError(f'Workflow {self.name} has two steps of one name: {names}')
        if self.forward_only == (self.failed is not None):
            raise ValueError(f'Workflow {self.name} must either go forward only or say how it fails')

    def flat(self):
        """(step, whether it is in the block of attempts), in order."""
        for part in self.steps:
            if isinstance(part, Attempts):
                yield from ((step, True) for step in part.steps)
            else:
                yield part, False

    def step(self, name):
        """The step called `name`; None when this version has none."""
        return next((step for step, _ in self.flat() if step.name == name), None)

    def attempts_allowed(self, conf):
        """How often the block of attempts may be entered."""
        block = next((part for part in self.steps if isinstance(part, Attempts)), None)
        return max(1, block.most(conf)) if block else 1
