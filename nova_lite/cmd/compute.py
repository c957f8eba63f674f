# SPDX-License-Identifier: Apache-2.0
"""nova-compute."""

import sys

from nova_lite.service import concurrency


def main(arguments=None):
    """Run until told to stop; the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    concurrency.prepare(arguments)
    from nova_lite import conf as conf_module
    from nova_lite.compute import lanes, service
    from nova_lite.rpc.oslo import OsloBus
    from nova_lite.service import daemon, runtime

    conf = conf_module.from_command_line(arguments, 'nova-compute')
    inside = runtime.real(conf, OsloBus(conf), lanes.workers(conf))
    return daemon.run(conf, 'nova-compute', service.build, inside)
