# SPDX-License-Identifier: Apache-2.0
"""nova-status."""

import sys

from nova_lite.manage import upgrade


def main(argv=None):
    """Run `upgrade check`; the exit code."""
    return upgrade.main(argv)


if __name__ == '__main__':
    sys.exit(main())
