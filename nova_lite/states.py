# SPDX-License-Identifier: Apache-2.0
"""Nova's words for what a server is and does, and the map from them to the API's status.

Pure constants. Which operation may begin in which state is in `operations/catalog.py`, not here.
"""

# vm_state: what a server is.
ACTIVE = 'active'
BUILDING = 'building'
PAUSED = 'paused'
SUSPENDED = 'suspended'
STOPPED = 'stopped'
RESCUED = 'rescued'
RESIZED = 'resized'
SOFT_DELETED = 'soft-delete'
DELETED = 'deleted'
ERROR = 'error'
SHELVED = 'shelved'
SHELVED_OFFLOADED = 'shelved_offloaded'

VM_STATES = (ACTIVE, BUILDING, PAUSED, SUSPENDED, STOPPED, RESCUED, RESIZED, SOFT_DELETED, DELETED, ERROR,
             SHELVED, SHELVED_OFFLOADED)

# task_state: what is being done to it; None when nothing is.
SCHEDULING = 'scheduling'
BLOCK_DEVICE_MAPPING = 'block_device_mapping'
NETWORKING = 'networking'
SPAWNING = 'spawning'
POWERING_OFF = 'powering-off'
POWERING_ON = 'powering-on'
REBOOTING = 'rebooting'
REBOOT_PENDING = 'reboot_pending'
REBOOT_STARTED = 'reboot_started'
REBOOTING_HARD = 'rebooting_hard'
REBOOT_PENDING_HARD = 'reboot_pending_hard'
REBOOT_STARTED_HARD = 'reboot_started_hard'
PAUSING = 'pausing'
UNPAUSING = 'unpausing'
SUSPENDING = 'suspending'
RESUMING = 'resuming'
DELETING = 'deleting'

# power_state: what the hypervisor says of the guest.
NOSTATE = 0
RUNNING = 1
POWER_PAUSED = 3
SHUTDOWN = 4
CRASHED = 6
POWER_SUSPENDED = 7

POWER_STATE_NAMES = {NOSTATE: 'pending', RUNNING: 'running', POWER_PAUSED: 'paused', SHUTDOWN: 'shutdown',
                     CRASHED: 'crashed', POWER_SUSPENDED: 'suspended'}

UNKNOWN_STATUS = 'UNKNOWN'

_RESIZING = dict.fromkeys(('resize_prep', 'resize_migrating', 'resize_migrated', 'resize_finish'), 'RESIZE')
_REBUILDING = dict.fromkeys(('rebuilding', 'rebuild_block_device_mapping', 'rebuild_spawning'), 'REBUILD')

# vm_state -> (status when the task_state says nothing, task_state -> status)
_STATUS = {
    ACTIVE: ('ACTIVE', {
        **dict.fromkeys((REBOOTING, REBOOT_PENDING, REBOOT_STARTED), 'REBOOT'),
        **dict.fromkeys((REBOOTING_HARD, REBOOT_PENDING_HARD, REBOOT_STARTED_HARD), 'HARD_REBOOT'),
        'updating_password': 'PASSWORD', 'migrating': 'MIGRATING', **_REBUILDING, **_RESIZING}),
    BUILDING: ('BUILD', {}),
    STOPPED: ('SHUTOFF', {**_RESIZING, **_REBUILDING}),
    RESIZED: ('VERIFY_RESIZE', {'resize_reverting': 'REVERT_RESIZE'}),
    PAUSED: ('PAUSED', {'migrating': 'MIGRATING'}),
    SUSPENDED: ('SUSPENDED', {}),
    RESCUED: ('RESCUE', {}),
    ERROR: ('ERROR', _REBUILDING),
    DELETED: ('DELETED', {}),
    SOFT_DELETED: ('SOFT_DELETED', {}),
    SHELVED: ('SHELVED', {}),
    SHELVED_OFFLOADED: ('SHELVED_OFFLOADED', {}),
}


def status(vm_state, task_state):
    """The API status of a server, e.g. `ACTIVE`; `UNKNOWN` for a pair that should not exist."""
    default, by_task = _STATUS.get(vm_state, (UNKNOWN_STATUS, {}))
    return by_task.get(task_state, default)


def states_of_status(wanted):
    """Every (vm_state, task_states) that shows as the API status `wanted`: what a list filter must match.

    `task_states` is None where any task_state but those of other statuses matches; see `status_filter` users.
    Returns a list of (vm_state, include, exclude): tuples of task_states, `include` None meaning all.
    """
    found = []
    for vm_state, (default, by_task) in _STATUS.items():
        if default == wanted:
            found.append((vm_state, None, tuple(t for t, s in by_task.items() if s != wanted)))
        else:
            tasks = tuple(t for t, s in by_task.items() if s == wanted)
            if tasks:
                found.append((vm_state, tasks, ()))
    return found
