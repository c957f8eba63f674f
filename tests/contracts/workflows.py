# SPDX-License-Identifier: Apache-2.0
"""The steps of every workflow, by version; `python -m tests.contracts.workflows` writes them down."""

import json
import pathlib

from nova_lite.conductor import flow, workflows

FILE = pathlib.Path(__file__).with_name('workflows.json')


def steps():
    """'operation version' -> what an unfinished order's journal may name, in order."""
    every = [(operation, workflow) for operation, workflow in workflows.BY_OPERATION.items()]
    every += [(operation, workflow) for (operation, _), workflow in workflows.OLDER.items()]
    return {f'{operation} {workflow.version}': [_say(part) for part in workflow.steps] for operation, workflow in every}


def _say(part):
    if isinstance(part, flow.Attempts):
        return [_say(step) for step in part.steps]
    return part.name + (' / ' + part.undo.__name__ if part.undo else '') + (' !' if part.no_return else '')


if __name__ == '__main__':
    FILE.write_text(json.dumps(steps(), indent=1, sort_keys=True) + '\n')
