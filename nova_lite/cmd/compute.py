# SPDX-License-Identifier: Apache-2.0
"""nova-compute."""

import sys

from nova_lite.service import concurrency

# Jobs wait for guests and for downloads more than they work.
_WORKERS = 64


def main(arguments=None):
    """Run until told to stop; the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    concurrency.prepare(arguments)
    from nova_lite import conf as conf_module
    from nova_lite.compute import service
    from nova_lite.rpc.oslo import OsloBus
    from nova_lite.service import daemon, runtime

    conf = conf_module.new(arguments, prog='nova-compute')
    workers = max(_WORKERS, conf.default_thread_pool_size)
    return daemon.run(conf, 'nova-compute', service.build, runtime.real(conf, OsloBus(conf), workers))
