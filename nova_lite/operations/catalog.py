# SPDX-License-Identifier: Apache-2.0
"""Every operation on one line: when it may begin, and what it sets.

The states are Nova's guards. Kinds: an *exclusive* operation sets a task_state and is alone on its server; a
*superseding* one is exclusive and takes the server from whatever is under way.
"""

import dataclasses

from nova_lite import states
from nova_lite.operations import inputs

EXCLUSIVE = 'exclusive'
SUPERSEDING = 'superseding'

IDLE = (None,)
ANY = None

# Task states that a hard reboot may interrupt.
_REBOOTABLE = (None, states.REBOOTING, states.REBOOT_PENDING, states.REBOOT_STARTED, states.RESUMING,
               states.REBOOTING_HARD, states.UNPAUSING, states.PAUSING, states.SUSPENDING)
_HARD_REBOOTABLE = (states.ACTIVE, states.STOPPED, states.PAUSED, states.SUSPENDED, states.ERROR)


@dataclasses.dataclass(frozen=True)
class Operation:
    """One operation. `action` is Nova's instance action; `verb` is the word its error messages use."""

    name: str
    action: str
    verb: str
    kind: str
    vm_states: tuple | None
    task_states: tuple | None
    task_state: str | None
    input: type
    must_have_launched: bool = True
    needs_host: bool = False
    vm_state: str | None = None


def _table(*rows):
    return {row.name: row for row in rows}


#         name           action     verb            kind         vm_states     task_states  task_state   input
OPERATIONS = _table(
    Operation('build', 'create', 'create', EXCLUSIVE, ANY, ANY, states.SCHEDULING, inputs.Build,
              must_have_launched=False),
    Operation('delete', 'delete', 'delete', SUPERSEDING, ANY, ANY, states.DELETING, inputs.Delete,
              must_have_launched=False),
    Operation('force_delete', 'delete', 'force_delete', SUPERSEDING, ANY, ANY, states.DELETING, inputs.Delete,
              must_have_launched=False),
    Operation('start', 'start', 'start', EXCLUSIVE, (states.STOPPED,), IDLE, states.POWERING_ON, inputs.Start,
              needs_host=True),
    Operation('stop', 'stop', 'stop', EXCLUSIVE, (states.ACTIVE, states.ERROR), IDLE, states.POWERING_OFF,
              inputs.Stop, needs_host=True),
    Operation('reboot', 'reboot', 'reboot', EXCLUSIVE, (states.ACTIVE,), IDLE, states.REBOOTING, inputs.Reboot),
    Operation('reboot_hard', 'reboot', 'reboot', SUPERSEDING, _HARD_REBOOTABLE, _REBOOTABLE,
              states.REBOOTING_HARD, inputs.Reboot),
)
