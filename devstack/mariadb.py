# SPDX-License-Identifier: Apache-2.0
"""A private MariaDB: own folder, reached by a UNIX socket only, no TCP port at all."""

import os
import pwd
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from devstack import process
from devstack.layout import Layout

USER = 'nova'
# Loses at most a second of commits when the machine loses power, none when a process is killed; far less disk traffic.
DEVELOPMENT = ['--innodb-flush-log-at-trx-commit=2', '--innodb-buffer-pool-size=128M', '--innodb-log-file-size=48M',
               '--performance-schema=OFF', '--skip-log-bin', '--skip-name-resolve', '--max-connections=600',
               '--character-set-server=utf8mb4', '--collation-server=utf8mb4_general_ci']


@dataclass
class MariaDB:
    """One server. ``options`` are added to its command line."""

    layout: Layout
    name: str = 'mariadb'
    options: list[str] = field(default_factory=list)

    @property
    def socket(self) -> Path:
        return self.layout.sockets('mariadb') / f'{self.name}.sock'

    def url(self, database: str) -> str:
        """SQLAlchemy's address of ``database``; it holds the password."""
        return (f'mysql+pymysql://{USER}:{self.layout.secret("mariadb")}@localhost/{database}'
                f'?unix_socket={self.socket}&charset=utf8mb4')

    def start(self, timeout: float = 120.0) -> None:
        """Make the data folder the first time, start the server and its one user, wait until it answers."""
        data = self.layout.data(self.name)
        owner = pwd.getpwuid(os.getuid()).pw_name
        # A server that starts removes the temporary tables it finds: another's, if both used the machine's folder.
        common = ['--no-defaults', f'--datadir={data}', f'--user={owner}',
                  f'--tmpdir={self.layout.data(f"{self.name}-tmp")}']
        if not (data / 'mysql').exists():
            # Nobody but the owner reaches the socket's folder, so its root needs no password there.
            process.command(self.layout, f'{self.name}-install', [
                'mariadb-install-db', *common, '--auth-root-authentication-method=normal', '--skip-test-db'])
        process.start(self.layout, self.name, [
            'mariadbd', *common, f'--socket={self.socket}', '--skip-networking',
            f'--pid-file={data / "mariadbd.pid"}', *DEVELOPMENT, *self.options],
            {'PATH': f'{os.environ["PATH"]}:/usr/sbin'})
        process.wait_for(self._answers, 'MariaDB', timeout, self.layout, self.name)
        password = self.layout.secret('mariadb')
        self.execute(f"CREATE USER IF NOT EXISTS {USER}@localhost IDENTIFIED BY '{password}';"
                     f'GRANT ALL ON *.* TO {USER}@localhost')

    def stop(self) -> None:
        process.stop(self.layout, self.name, 60)

    def create(self, *databases: str) -> None:
        """Make the databases that are missing."""
        self.execute(';'.join(f'CREATE DATABASE IF NOT EXISTS `{name}`' for name in databases))

    def drop(self, *databases: str) -> None:
        self.execute(';'.join(f'DROP DATABASE IF EXISTS `{name}`' for name in databases))

    def execute(self, sql: str) -> str:
        """Run ``sql`` as the server's root; returns its rows, tab-separated, without headings."""
        return process.command(self.layout, f'{self.name}-client', [
            'mariadb', '--no-defaults', f'--socket={self.socket}', '--user=root', '-N', '-B', '-e', sql], timeout=60)

    def _answers(self) -> bool:
        # A connection is not enough: the server may still be recovering.
        return self.socket.exists() and _ping(self.socket)


def _ping(socket: Path) -> bool:
    return subprocess.run(['mariadb-admin', '--no-defaults', f'--socket={socket}', '--user=root', 'ping'],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
