# SPDX-License-Identifier: Apache-2.0
"""The command line that the Makefile uses: ``python3 -m devstack up|down|clean|status|test``."""

import sys

from devstack import settings, testing
from devstack.deployment import Deployment
from devstack.errors import DevstackError
from devstack.progress import complain

COMMANDS = ('up', 'down', 'clean', 'status', 'test')


def main(words: list[str]) -> int:
    """Run one of COMMANDS; the exit status is 0 when it worked, 1 when not, 2 for a command that does not exist."""
    if len(words) != 1 or words[0] not in COMMANDS:
        complain(f'usage: python3 -m devstack {"|".join(COMMANDS)}')
        return 2
    try:
        asked = settings.read()
        if words[0] == 'test':
            testing.run(asked)  # does not come back
        getattr(Deployment(asked), words[0])()
    except DevstackError as error:
        complain(f'\n{error}')
        tail = error.tail()
        if tail:
            complain(f'\nThe last lines of {error.log}:\n{tail}')
        return 1
    except KeyboardInterrupt:
        complain('\nInterrupted. What has started still runs; make stop ends it.')
        return 130
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
