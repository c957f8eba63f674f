# SPDX-License-Identifier: Apache-2.0
"""Reboot: a server starts again. Soft asks the guest first; hard does not, and makes the guest's definition anew."""

from nova_lite import states
from nova_lite.conductor.flow import Closing, Step, Workflow
from nova_lite.conductor.steps.guests import reboot_guest, server_host


def succeeded(at):
    return Closing(server={'vm_state': states.ACTIVE, 'task_state': None},
                   power_state=at.result('reboot_guest').get('power_state', states.RUNNING))


def failed(at, refusal):
    """A hard reboot that failed leaves a server that does not run; a soft one leaves it as it was."""
    return Closing(server={'task_state': None, **({'vm_state': states.ERROR} if at.input.hard else {})})


soft = Workflow('reboot', (
    Step(reboot_guest, at=server_host, task_state=states.REBOOT_STARTED),
), succeeded, failed)

hard = Workflow('reboot_hard', (
    Step(reboot_guest, at=server_host, task_state=states.REBOOT_STARTED_HARD),
), succeeded, failed)
