# SPDX-License-Identifier: Apache-2.0
"""The databases of the cloud: one `api`, and one each cell. Says which cell is where; queries nothing else.

The cell named '' is the one of `[database] connection`; further cells are rows of the api database's `cells`.
"""

import threading
import time

import sqlalchemy as sa

from nova_lite import errors
from nova_lite.db.engine import Database
from nova_lite.db.models import api as models

DEFAULT = ''
# What [database] and [api_database] say of connections, by oslo.db's names.
_OPTIONS = ('connection_recycle_time', 'connection_debug', 'connection_trace', 'connection_parameters', 'max_overflow',
            'max_pool_size', 'mysql_sql_mode', 'mysql_wsrep_sync_wait', 'pool_timeout')


class CellNotFound(errors.NotFound):
    """No cell has this name."""


def rows(tx):
    """The rows of further cells, by name: name, uuid, database_connection, transport_url, disabled."""
    return tx.execute(sa.select(models.cells).order_by(models.cells.c.name)).all()


class Cells:
    """Every database a daemon works with. `api` is the api database; `get(name)` a cell's.

    Databases are opened on first use and kept; nothing is connected before it is asked.
    """

    def __init__(self, api_url, default_url, *, options=None, api_options=None, clock=time.time):
        self._options = options or {}
        self._clock = clock
        self._lock = threading.Lock()
        self.api = Database(api_url, name='api', clock=clock, options=api_options)
        self._cells = {DEFAULT: self._open('cell', default_url)}

    @classmethod
    def from_conf(cls, conf, **kwargs):
        """As `[api_database]` and `[database]` say; the second stands in for the first where that names none."""
        cell_url = conf.database.connection
        api_url = conf.api_database.connection or cell_url
        if not api_url:
            raise errors.Invalid('Neither [api_database] connection nor [database] connection is set.')
        options, api_options = (
            {name: section[name] for name in _OPTIONS} for section in (conf.database, conf.api_database))
        return cls(api_url, cell_url or api_url, options=options if cell_url else api_options,
                   api_options=api_options if conf.api_database.connection else options, **kwargs)

    def get(self, name=DEFAULT):
        """The Database of cell `name`; CellNotFound if there is none."""
        found = self._cells.get(name)
        if found is None:
            self._load()
            found = self._cells.get(name)
        if found is None:
            raise CellNotFound(f'Cell {name!r} does not exist.')
        return found

    def names(self):
        """Every enabled cell's name, the default first."""
        self._load()
        return list(self._cells)

    def items(self):
        """(name, Database) of every enabled cell."""
        return [(name, self.get(name)) for name in self.names()]

    def dispose(self):
        for database in [self.api, *self._cells.values()]:
            database.dispose()

    def _load(self):
        with self.api.read() as tx:
            rows = tx.execute(sa.select(models.cells.c.name, models.cells.c.database_connection)
                              .where(models.cells.c.disabled == sa.false())).all()
        with self._lock:
            for name, url in rows:
                if name not in self._cells:
                    self._cells[name] = self._open(f'cell {name}', url)

    def _open(self, name, url):
        return Database(url, name=name, clock=self._clock, options=self._options)
