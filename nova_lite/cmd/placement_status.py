# SPDX-License-Identifier: Apache-2.0
"""placement-status: whether an upgrade may go on."""

import sys


def main(arguments=None):
    """Run one command; the exit code."""
    from nova_lite.manage import placement

    return placement.status(sys.argv[1:] if arguments is None else arguments)
