# SPDX-License-Identifier: Apache-2.0
"""placement-manage: the database of the Placement service."""

import sys


def main(arguments=None):
    """Run one command; the exit code."""
    from nova_lite.manage import placement

    return placement.manage(sys.argv[1:] if arguments is None else arguments)
