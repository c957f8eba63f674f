# SPDX-License-Identifier: Apache-2.0
"""Build: a new server gets a host and a running guest. A failed attempt is undone whole, and another host tried."""

from nova_lite import states
from nova_lite.conductor.flow import Attempts, Closing, Step, Workflow
from nova_lite.conductor.steps.destination import chosen_host, pick_destination, release_claim, tried
from nova_lite.conductor.steps.guests import destroy_started_guest, start_guest


def succeeded(at):
    started = at.result('start_guest')
    now = at.world.clock.now()
    shown = {'config_drive': at.server.config_drive or started.get('config_drive', False),
             'root_device_name': started.get('root_device_name') or at.server.root_device_name}
    return Closing(server={'vm_state': states.ACTIVE, 'task_state': None, 'launched_at': now, **shown},
                   power_state=started.get('power_state', states.RUNNING))


def failed(at, refusal):
    fault = None
    if refusal.step != pick_destination.__name__:
        fault = f'No valid host was found. {tried(refusal.attempt)} The last one said: {refusal.message}'
    return Closing(server={'vm_state': states.ERROR, 'task_state': None, 'host': None, 'node': None}, fault=fault)


workflow = Workflow('build', (
    Attempts((
        Step(pick_destination, undo=release_claim, task_state=states.SCHEDULING),
        Step(start_guest, undo=destroy_started_guest, at=chosen_host, task_state=states.SPAWNING),
    ), most=lambda conf: conf.scheduler.max_attempts),
), succeeded, failed)
