# SPDX-License-Identifier: Apache-2.0
"""Stop: an active server shuts down and loses its power."""

from nova_lite import states
from nova_lite.conductor.flow import Closing, Step, Workflow
from nova_lite.conductor.steps.guests import power_off, server_host


def succeeded(at):
    return Closing(server={'vm_state': states.STOPPED, 'task_state': None},
                   power_state=at.result('power_off').get('power_state', states.SHUTDOWN))


def failed(at, refusal):
    return Closing(server={'task_state': None})


workflow = Workflow('stop', (
    Step(power_off, at=server_host, task_state=states.POWERING_OFF),
), succeeded, failed)
