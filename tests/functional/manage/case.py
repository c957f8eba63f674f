# SPDX-License-Identifier: Apache-2.0
"""A folder with a nova.conf and empty SQLite databases, and the commands run in this process."""

import contextlib
import io
import logging
import os
import pathlib
import tempfile

import testtools

from nova_lite.cmd import manage
from nova_lite.db import cells


class ManageCase(testtools.TestCase):
    """`self.run_main(main, ...)` gives (exit code, what was printed, what was complained)."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.config = self.folder / 'nova.conf'
        self.urls = {name: f'sqlite:///{self.folder}/{name}.sqlite' for name in ('api', 'cell')}
        self.configure()
        handlers = list(logging.getLogger().handlers)
        self.addCleanup(lambda: logging.getLogger().handlers.__setitem__(slice(None), handlers))

    def configure(self, more=''):
        self.config.write_text(f'[api_database]\nconnection = {self.urls["api"]}\n[database]\n'
                               f'connection = {self.urls["cell"]}\n{more}')

    def run_main(self, main, *words):
        said, complained = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
            try:
                code = main([str(word) for word in words])
            except SystemExit as ended:
                code = ended.code
        return code, said.getvalue(), complained.getvalue()

    def manage(self, *words, code=0):
        """What `nova-manage WORDS` prints; AssertionError for another exit code."""
        found, said, complained = self.run_main(manage.main, *words, '--config-file', self.config)
        assert found == code, (found, said, complained)
        return said + complained

    def sync(self):
        self.manage('api_db', 'sync')
        self.manage('db', 'sync')

    def open(self):
        """The databases that the commands work on."""
        found = cells.Cells(self.urls['api'], self.urls['cell'])
        self.addCleanup(found.dispose)
        return found


@contextlib.contextmanager
def environment(**values):
    """os.environ with these values (None: without)."""
    before = {name: os.environ.get(name) for name in values}
    _set(values)
    try:
        yield
    finally:
        _set(before)


def _set(values):
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
