# SPDX-License-Identifier: Apache-2.0
"""nova-all: placement, conductor, scheduler, compute and the API in one process, on a bus in memory.

The daemons are the same ones; only what carries their messages differs. `parts` is what tests compose, too.
"""

import argparse
import dataclasses
import sys

from nova_lite.service import concurrency

_PLACEMENT_CONF = '/etc/placement/placement.conf'


def main(arguments=None):
    """Run until told to stop; the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    concurrency.prepare(arguments)
    from nova_lite import conf as conf_module
    from nova_lite.placement import conf as placement_conf_module
    from nova_lite.rpc.local import LocalBus
    from nova_lite.service import daemon, runtime

    own, others = _arguments().parse_known_args(arguments)
    conf = conf_module.from_command_line(others, 'nova-all')
    placement_conf = placement_conf_module.new(default_config_files=own.placement_config_file or [_PLACEMENT_CONF])
    outside = runtime.real(conf, LocalBus)
    return daemon.run(conf, 'nova-all', lambda inside: parts(inside, placement_conf), outside)


def _arguments():
    parser = argparse.ArgumentParser(prog='nova-all', add_help=False)
    parser.add_argument('--placement-config-file', action='append', metavar='PATH')
    return parser


def parts(runtime, placement_conf):
    """Every daemon's parts, each daemon with threads of its own, in the order in which they need one another."""
    from nova_lite.api import app, deps
    from nova_lite.compute import lanes
    from nova_lite.compute import service as compute
    from nova_lite.conductor import service as conductor
    from nova_lite.placement import app as placement_app
    from nova_lite.scheduler import service as scheduler
    from nova_lite.service import wsgi

    conf = runtime.conf
    placement = placement_app.make_app(placement_conf)
    listen = placement_conf.placement_api
    yield wsgi.Server(placement, wsgi.listen(str(listen.listen), listen.listen_port), threads=listen.threads)
    for build, workers in ((conductor.build, conf.conductor.workers or conf.default_thread_pool_size),
                           (scheduler.build, conf.default_thread_pool_size),
                           (compute.build, lanes.workers(conf))):
        pool = _Pool(runtime, workers)
        yield pool
        yield from build(pool.runtime)
    application = app.make_app(conf, deps.build(runtime))
    yield wsgi.Server(application, wsgi.listen(conf.osapi_compute_listen, conf.osapi_compute_listen_port))


class _Pool:
    """The threads of one daemon; a part that is stopped after the parts that use it."""

    def __init__(self, runtime, workers):
        from nova_lite.service.executor import ThreadExecutor
        self.runtime = dataclasses.replace(runtime, executor=ThreadExecutor(workers, runtime.random))

    def start(self):
        """Nothing: threads come with the work."""

    def drain(self):
        """Nothing: what the daemon's parts do not hand in does not run."""

    def stop(self, timeout=None):
        """Wait for what runs."""
        self.runtime.executor.shutdown(wait=True, timeout=timeout)
