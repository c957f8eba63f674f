# SPDX-License-Identifier: Apache-2.0
"""nova-policy."""

import sys

from nova_lite.manage import command, rules


def main(argv=None):
    """Run the command named; the exit code."""
    return command.main('nova-policy', rules.COMMANDS, argv)


if __name__ == '__main__':
    sys.exit(main())
