# SPDX-License-Identifier: Apache-2.0
"""A private PostgreSQL: own folder, reached by a UNIX socket only. Its server refuses root, so root lends it a user."""

import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from devstack import process
from devstack.errors import DevstackError
from devstack.layout import Layout

USER = 'nova'
PORT = 5432  # names the socket file; nothing listens on TCP


@dataclass
class PostgreSQL:
    """One server for tests. As root its data lies in the temporary folder, for the packaged user ``postgres``."""

    layout: Layout
    name: str = 'postgresql'
    _home: Path | None = None

    def url(self, database: str) -> str:
        """SQLAlchemy's address of ``database``."""
        return f'postgresql+psycopg2://{USER}@/{database}?host={self._folder()}&port={PORT}'

    @staticmethod
    def installed() -> bool:
        """Whether this machine has a PostgreSQL that we could start."""
        try:
            _tools()
            return os.getuid() != 0 or _server_user() is not None
        except DevstackError:
            return False

    def start(self, timeout: float = 120.0) -> None:
        """Make the cluster the first time, start it, wait until it answers."""
        home, tools = self._folder(), _tools()
        if not (home / 'data').exists():
            process.command(self.layout, f'{self.name}-install', [
                *self._as_server(), tools / 'initdb', '-D', home / 'data', '-U', USER, '-A', 'trust', '-E', 'UTF8',
                '--locale=C', '--no-sync'], cwd=home)
        process.start(self.layout, self.name, [
            *self._as_server(), tools / 'postgres', '-D', home / 'data', '-k', home, '-p', str(PORT), '-h', '',
            '-c', 'fsync=off', '-c', 'max_connections=300'], cwd=home)
        process.wait_for(lambda: (home / f'.s.PGSQL.{PORT}').exists() and self._answers(), 'PostgreSQL', timeout,
                         self.layout, self.name)

    def stop(self) -> None:
        """End the server at once and drop what it kept outside of the layout."""
        # SIGTERM waits for every client to leave ("smart"); a private server has nobody to wait for.
        process.stop(self.layout, self.name, 5)
        if self._home is not None and not self._home.is_relative_to(self.layout.path):
            shutil.rmtree(self._home, ignore_errors=True)
        self._home = None

    def create(self, *databases: str) -> None:
        for name in databases:
            self.execute(f'CREATE DATABASE "{name}"')

    def drop(self, *databases: str) -> None:
        for name in databases:
            self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, sql: str, database: str = 'postgres') -> str:
        """Run ``sql``; returns its rows, without headings."""
        return process.command(self.layout, f'{self.name}-client', [
            _tools() / 'psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', self._folder(), '-p', str(PORT),
            '-U', USER, '-d', database, '-c', sql], timeout=60)

    def _answers(self) -> bool:
        try:
            return self.execute('SELECT 1').strip() == '1'
        except DevstackError:
            return False

    def _folder(self) -> Path:
        if self._home is None:
            if os.getuid() != 0:
                self._home = self.layout.data(self.name)
            else:
                server = _server_user()
                self._home = Path(tempfile.mkdtemp(prefix='nova_lite-postgresql-'))
                os.chown(self._home, server.pw_uid, server.pw_gid)
        return self._home

    def _as_server(self) -> list[str]:
        if os.getuid() != 0:
            return []
        server = _server_user()
        return ['setpriv', f'--reuid={server.pw_uid}', f'--regid={server.pw_gid}', '--clear-groups']


def _server_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam('postgres')
    except KeyError:
        raise DevstackError('PostgreSQL is not installed (package postgresql)') from None


def _tools() -> Path:
    """The folder of initdb and postgres: Debian keeps one for each release, outside of PATH."""
    found = sorted(Path('/usr/lib/postgresql').glob('*/bin/initdb'), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    in_path = shutil.which('initdb')
    if in_path is None:
        raise DevstackError('PostgreSQL is not installed (package postgresql)')
    return Path(in_path).resolve().parent
