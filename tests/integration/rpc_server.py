# SPDX-License-Identifier: Apache-2.0
"""A daemon that doubles numbers over the bus, green or native: `rpc_server.py NAME --config-file PATH`."""

import sys

from nova_lite.service import concurrency


def main():
    name, arguments = sys.argv[1], sys.argv[2:]
    concurrency.prepare(arguments)
    from nova_lite import conf as conf_module
    from nova_lite.rpc.oslo import OsloBus
    from nova_lite.service import daemon, runtime
    from tests.integration.test_rpc import Part

    conf = conf_module.new(arguments, config_files=[], config_dirs=[])

    class Server:
        def __init__(self, world):
            self._world = world

        def start(self):
            self._serving = self._world.bus.serve('part', name, Part(), threads=4)
            self._serving.wait_ready(60)

        def drain(self):
            self._serving.drain()

        def stop(self, timeout):
            self._serving.stop(timeout)

    return daemon.run(conf, 'rpc_server', lambda world: [Server(world)], runtime.real(conf, OsloBus(conf)))


if __name__ == '__main__':
    sys.exit(main())
