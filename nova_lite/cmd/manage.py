# SPDX-License-Identifier: Apache-2.0
"""nova-manage."""

import sys

from nova_lite.manage import cells, command, databases, orders

COMMANDS = (*databases.COMMANDS, *cells.COMMANDS, *orders.COMMANDS)


def main(argv=None):
    """Run the command named; the exit code."""
    return command.main('nova-manage', COMMANDS, argv)


if __name__ == '__main__':
    sys.exit(main())
