# SPDX-License-Identifier: Apache-2.0
"""Where state lives: one folder holds every database, log, pid file and configuration file."""

import hashlib
import json
import os
import secrets
import tempfile
from pathlib import Path

# A UNIX socket's path has 107 usable bytes; the longest name we put below a socket folder is 32 bytes.
SOCKET_FOLDER_LIMIT = 75


class Layout:
    """The folders of one deployment. Making one creates them; nobody else may read them."""

    def __init__(self, path: str | os.PathLike):
        self.path = Path(path).absolute()
        self.run, self.log, self.etc, self.lib = (self.path / name for name in ('run', 'log', 'etc', 'lib'))

    def create(self) -> 'Layout':
        """Make the folders that are missing, closed to other users."""
        for folder in (self.path, self.run, self.log, self.etc, self.lib):
            folder.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o700)
        return self

    def pid_file(self, name: str) -> Path:
        return self.run / f'{name}.pid'

    def log_file(self, name: str) -> Path:
        return self.log / f'{name}.log'

    def data(self, name: str) -> Path:
        """A part's own data folder below ``lib``, made when missing."""
        folder = self.lib / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def sockets(self, name: str) -> Path:
        """A folder for UNIX sockets: below ``run``, or in the temporary folder when that path is too long."""
        folder = self.run / name
        if len(os.fsencode(folder)) > SOCKET_FOLDER_LIMIT:
            digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
            folder = Path(tempfile.gettempdir()) / f'nova_lite-{os.getuid()}-{digest}'
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def secret(self, name: str) -> str:
        """The password called ``name``: random, made once, kept in ``etc/secrets.json`` (owner only)."""
        path = self.etc / 'secrets.json'
        known = json.loads(path.read_text()) if path.exists() else {}
        if name not in known:
            known[name] = secrets.token_hex(12)
            self.write(path, json.dumps(known, indent=1), mode=0o600)
        return known[name]

    def write(self, path: Path, text: str, mode: int = 0o640) -> Path:
        """Replace the file ``path`` by ``text`` in one step."""
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(path.name + '.new')
        new.touch(mode=mode)
        new.write_text(text)
        new.replace(path)
        return path

    def write_ini(self, path: Path, sections: dict[str, dict[str, object]]) -> Path:
        """Write ``sections`` as an oslo.config file that only the owner may read (it holds passwords)."""
        lines = []
        for section, options in sections.items():
            lines.append(f'[{section}]')
            lines += [f'{option} = {value}' for option, value in options.items()]
            lines.append('')
        return self.write(path, '\n'.join(lines), mode=0o600)
