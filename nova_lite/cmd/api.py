# SPDX-License-Identifier: Apache-2.0
"""nova-api: the compute API, with its own workers: processes of native threads, whatever concurrency_backend says."""

import os
import sys


def main(arguments=None):
    """Run until told to stop; the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    from nova_lite import conf as conf_module
    from nova_lite.api import app, deps
    from nova_lite.rpc.oslo import OsloBus
    from nova_lite.service import prefork, runtime

    conf = conf_module.from_command_line(arguments, 'nova-api')
    face = prefork.Face(conf.osapi_compute_listen, conf.osapi_compute_listen_port,
                        lambda runtime: app.make_app(conf, deps.build(runtime)))
    workers = conf.osapi_compute_workers or os.cpu_count()
    return prefork.run(conf, 'nova-api', [face], workers, lambda: runtime.real(conf, OsloBus(conf)))
