# SPDX-License-Identifier: Apache-2.0
"""Start: a stopped server gets its power back."""

from nova_lite import states
from nova_lite.conductor.flow import Closing, Step, Workflow
from nova_lite.conductor.steps.guests import power_on, server_host


def succeeded(at):
    return Closing(server={'vm_state': states.ACTIVE, 'task_state': None},
                   power_state=at.result('power_on').get('power_state', states.RUNNING))


def failed(at, refusal):
    return Closing(server={'task_state': None})


workflow = Workflow('start', (
    Step(power_on, at=server_host, task_state=states.POWERING_ON),
), succeeded, failed)
