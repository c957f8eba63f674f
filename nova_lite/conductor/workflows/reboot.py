# SPDX-License-Identifier: Apache-2.0
"""Reboot: a server starts again. Soft asks the guest first; hard does not, and makes the guest's definition anew."""

from nova_lite import states
from nova_lite.conductor.flow import Closing, Step, Workflow
from nova_lite.conductor.steps.guests import reboot_hard, reboot_soft, server_host


def _rebooted(step):
    def succeeded(at):
        return Closing(server={'vm_state': states.ACTIVE, 'task_state': None},
                       power_state=at.result(step).get('power_state', states.RUNNING))
    return succeeded


def soft_failed(at, refusal):
    """Nothing was done: the server is as it was."""
    return Closing(server={'task_state': None})


def hard_failed(at, refusal):
    """The power was cut and did not come back."""
    return Closing(server={'vm_state': states.ERROR, 'task_state': None})


soft = Workflow('reboot', (
    Step(reboot_soft, at=server_host, task_state=states.REBOOT_STARTED),
), _rebooted('reboot_soft'), soft_failed)

hard = Workflow('reboot_hard', (
    Step(reboot_hard, at=server_host, task_state=states.REBOOT_STARTED_HARD),
), _rebooted('reboot_hard'), hard_failed)
