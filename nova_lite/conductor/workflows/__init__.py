# SPDX-License-Identifier: Apache-2.0
"""One file per operation; `BY_OPERATION` is the list of them. Workflows never import each other."""

from nova_lite.conductor.workflows import build, delete, reboot, start, stop

# What the last release began and this one must be able to finish: (operation, version) -> Workflow.
OLDER = {}

BY_OPERATION = {
    'build': build.workflow,
    'delete': delete.workflow,
    'force_delete': delete.workflow,
    'start': start.workflow,
    'stop': stop.workflow,
    'reboot': reboot.soft,
    'reboot_hard': reboot.hard,
}
