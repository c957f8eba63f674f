# SPDX-License-Identifier: Apache-2.0
"""A daemon and a WSGI daemon to be started, signalled and killed by the tests: `program.py KIND [OPTION ...]`.

It tells what happens on its standard output, one word group a line.
"""

import os
import sys

from nova_lite.service import concurrency


def main():
    kind, arguments = sys.argv[1], sys.argv[2:]
    concurrency.prepare(arguments)
    from nova_lite import conf as conf_module
    conf = conf_module.new(arguments, config_files=[], config_dirs=[])
    return daemon_of_parts(conf, kind) if kind != 'wsgi' else wsgi_daemon(conf)


def tell(*words):
    print(*words, flush=True)


def daemon_of_parts(conf, kind):
    from nova_lite.rpc.local import LocalBus
    from nova_lite.service import daemon, runtime, wait

    world = runtime.real(conf, LocalBus)

    def absent():
        raise OSError('not there')

    class Part:
        def start(self):
            tell('starting', 'green' if concurrency.is_green() else 'native')
            if kind == 'broken':
                raise ValueError('cannot')
            if kind == 'waiting':
                wait.until(absent, 'something', world.stopping)
            if kind == 'fenced':
                world.executor.call_later(0.2, world.fail, 'the lease is lost')
            if kind == 'sick':
                world.health.watch('part', 0.5)
            if kind in ('work', 'stuck'):
                world.executor.submit(self.work)

        def work(self):
            tell('work begins')
            world.stopping.wait()
            if kind == 'stuck':
                import threading
                threading.Event().wait()
            tell('work ends')

        def reload(self):
            tell('reload', conf.debug)

        def drain(self):
            tell('drain')

        def stop(self, timeout):
            tell('stop')

    return daemon.run(conf, 'program', lambda _: [Part()], world)


def wsgi_daemon(conf):
    import time

    from nova_lite.service import prefork, runtime

    def make_application(world):
        def application(environ, start_response):
            path = environ['PATH_INFO']
            if path == '/slow':
                tell('slow begins')
                time.sleep(1)
            if path == '/sick':
                world.health.watch('application', 0.1)
            body = f'{os.getpid()} {conf.debug}'.encode()
            start_response('200 OK', [('Content-Length', str(len(body)))])
            return [body]
        return application

    faces = [prefork.Face('127.0.0.1', int(os.environ['PORT']), make_application)]
    return prefork.run(conf, 'program', faces, 2, lambda: runtime.real(conf, None))


if __name__ == '__main__':
    sys.exit(main())
