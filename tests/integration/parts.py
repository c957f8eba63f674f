# SPDX-License-Identifier: Apache-2.0
"""The real parts, each private to one test or module: brokers, databases, Keystone, Glance, libvirt, whole clouds.

Everything is started by the code that `make run` uses. A part that is not installed skips the test, or fails it where
CI=true. Nothing here checks nova_lite.
"""

import atexit
import json
import os
import pathlib
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

from devstack import guest_image, libvirt, machine, notify, ports, process, settings, testing
from devstack.glance import Glance
from devstack.keystone import Keystone
from devstack.layout import Layout
from devstack.mariadb import MariaDB
from devstack.postgresql import PostgreSQL
from devstack.rabbit import RabbitMQ

ROOT = settings.REPOSITORY
SERVICES = ROOT / '.venv-services'


def missing(what):
    """Skip this test, or fail it in CI, because `what` is not on this machine."""
    if os.environ.get('CI') == 'true':
        raise AssertionError(f'{what}, and CI must have it')
    raise unittest.SkipTest(what)


def deep(test):
    """Mark a test or class as slow: it runs only with DEEP=1, as .ci/run does."""
    return unittest.skipUnless(os.environ.get('DEEP'), 'slow: DEEP=1 runs it')(test)


class Parts:
    """Starts parts below one temporary folder; `stop()` ends them all, the last one first, and removes the folder.

    In a test: `parts = Parts(); self.addCleanup(parts.stop)`. For a module: in setUpModule and tearDownModule.
    """

    def __init__(self):
        self.layout = Layout(tempfile.mkdtemp(prefix='nova_lite-')).create()
        self._stops = []
        atexit.register(self.stop)

    def stop(self):
        """End everything; may be called twice."""
        while self._stops:
            self._stops.pop()()
        shutil.rmtree(self.layout.path, ignore_errors=True)
        atexit.unregister(self.stop)

    def rabbitmq(self):
        """A broker; `url` is its transport_url, `control('list_queues')` asks it."""
        if 'RabbitMQ' in machine.absent_servers():
            missing('RabbitMQ is not installed')
        return self._started(RabbitMQ(self.layout, ports.unused(), ports.unused(), ports.unused()))

    def mariadb(self, *databases):
        """A server with empty `databases`; `url(name)` is SQLAlchemy's address."""
        if 'MariaDB' in machine.absent_servers():
            missing('MariaDB is not installed')
        server = self._started(MariaDB(self.layout))
        if databases:
            server.create(*databases)
        return server

    def postgresql(self, *databases):
        """As mariadb()."""
        server = PostgreSQL(self.layout)
        if not server.installed():
            missing('PostgreSQL is not installed')
        self._started(server).create(*databases)
        return server

    def keystone(self, endpoints=None, service_users=('nova', 'placement', 'glance'), users=('demo',)):
        """A filled Keystone; `credentials(user)` are keystoneauth's options, passwords are `layout.secret(user)`."""
        self._need_services()
        keystone = self._started(Keystone(self.layout, SERVICES, ports.unused()))
        keystone.fill(endpoints or {}, service_users, users)
        return keystone

    def glance(self, keystone):
        """An empty Glance beside `keystone`, in its catalog."""
        self._need_services()
        glance = self._started(Glance(self.layout, SERVICES, ports.unused(), keystone))
        keystone.fill({'image': ('glance', glance.url)}, (), ())
        return glance

    def libvirt(self):
        """A private libvirtd (root only); `uri` is its address."""
        if not libvirt.can_be_private():
            missing('libvirt is not installed, or this user may not have a private one')
        return self._started(libvirt.Libvirt(self.layout))

    def _started(self, part):
        # Before the start: what came up half must go too.
        self._stops.append(part.stop)
        part.start()
        return part

    def _need_services(self):
        if not (SERVICES / 'bin' / 'uwsgi').exists():
            missing('.venv-services is not there (make test makes it)')


def guest():
    """The small guest's files: built once and shared by all tests."""
    lacking = guest_image.missing_tools()
    if lacking:
        missing(f'the guest image cannot be built without {", ".join(lacking)}')
    return guest_image.build(testing.layout(settings.read({})).create())


class Cloud:
    """A whole deployment as `make run` makes it, with ports and a state folder of its own.

    `variables` are make's: Cloud(DRIVER='fake', COMPUTES='3'). With `as_nobody` a copy of the project is run by the
    account nobody, with virtual environments of its own (root only).
    """

    def __init__(self, as_nobody=False, **variables):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='nova_lite-cloud-'))
        self.layout = Layout(self.folder / 'var')
        self.repository, self._prefix = ROOT, []
        if as_nobody:
            self._hand_over(pwd.getpwnam('nobody'))
        self.variables = {name: str(ports.unused()) for name in (
            'API_PORT', 'PLACEMENT_PORT', 'KEYSTONE_PORT', 'GLANCE_PORT', 'RABBIT_PORT', 'RABBIT_DIST_PORT',
            'EPMD_PORT')}
        self.variables |= {'STATE': str(self.layout.path), **variables}
        atexit.register(self.remove)

    def run(self):
        """`make run`; returns what it printed. Raises AssertionError, with that text, when it fails."""
        return self._devstack('up')

    def stop(self):
        """`make stop`."""
        return self._devstack('down')

    def remove(self):
        """Stop and delete everything, the state folder too; may be called twice."""
        if self.layout.path.exists():
            self._devstack('down')
        shutil.rmtree(self.folder, ignore_errors=True)
        atexit.unregister(self.remove)

    def names(self):
        """The processes, oldest first: rabbitmq, mariadb, nova-api, nova-compute-1, ..."""
        return process.names(self.layout)

    def kill(self, name):
        """SIGKILL, to the process and all its workers."""
        if not process.kill(self.layout, name):
            raise AssertionError(f'{name} does not run')

    def start_again(self, name):
        """Start a killed daemon of ours as it was started first, and wait until it is ready."""
        notify.start(self.layout, name, process.command_line(self.layout, name))

    def rabbitmq(self):
        """The broker: `start()` brings it back after `kill('rabbitmq')`."""
        return RabbitMQ(self.layout, *(int(self.variables[name]) for name in (
            'RABBIT_PORT', 'RABBIT_DIST_PORT', 'EPMD_PORT')))

    def openstack(self, *words, openrc='openrc'):
        """What `openstack WORDS` prints; with `-f json` among them, the parsed value. Raises AssertionError."""
        line = f'. {shlex.quote(str(self.layout.path / openrc))} && exec openstack "$@"'
        done = subprocess.run(['sh', '-c', line, 'sh', *words], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=300, check=False)
        if done.returncode:
            raise AssertionError(f'openstack {shlex.join(words)} ended with {done.returncode}: {done.stderr}')
        return json.loads(done.stdout) if 'json' in words else done.stdout

    def url(self, database):
        """SQLAlchemy's address of one of nova_api, nova, placement."""
        if self.variables.get('MODE') == 'embedded':
            return f'sqlite:///{self.layout.data("databases") / database}.sqlite'
        return MariaDB(self.layout).url(database)

    def _hand_over(self, account):
        self.repository = self.folder / 'project'
        shutil.copytree(ROOT, self.repository, symlinks=True, ignore=shutil.ignore_patterns(
            '.git', '.venv*', 'var', '__pycache__', '.stestr', '*.egg-info'))
        for path in (self.folder, *self.folder.rglob('*')):
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
        self._prefix = ['setpriv', f'--reuid={account.pw_uid}', f'--regid={account.pw_gid}', '--clear-groups', 'env',
                        f'HOME={self.folder}']

    def _devstack(self, word):
        # The machine's Python, not this virtual environment's: that is what the Makefile uses.
        python = shutil.which('python3', path=os.defpath) or sys.executable
        done = subprocess.run([*self._prefix, python, '-m', 'devstack', word], cwd=self.repository,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False, env={**os.environ, **self.variables})
        if done.returncode:
            raise AssertionError(f'devstack {word} ended with {done.returncode}:\n{done.stdout}')
        return done.stdout
