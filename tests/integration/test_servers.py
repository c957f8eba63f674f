# SPDX-License-Identifier: Apache-2.0
"""The REST API's servers on MariaDB and PostgreSQL: filters, orders, pages, races for the last place, hostile input."""

from nova_lite.db import cells, migrate
from nova_lite.db.models import api as api_models
from nova_lite.db.models import cell as cell_models
from tests.fakes import database as fake_database
from tests.functional.api import test_server_create, test_server_lists, test_server_metadata, test_servers_hostile
from tests.integration.parts import Parts


class _OnMariaDB:
    """Lets an ApiTest work on one server, with databases that are emptied for each test."""

    start = Parts.mariadb

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        parts = Parts()
        cls.addClassCleanup(parts.stop)
        cls.server = cls.start(parts, 'nova_api', 'nova')
        made = cells.Cells(cls.server.url('nova_api'), cls.server.url('nova'))
        migrate.sync(made.api, 'api')
        migrate.sync(made.get(), 'cell')
        made.dispose()

    def make_cells(self, folder):
        made = cells.Cells(self.server.url('nova_api'), self.server.url('nova'))
        fake_database.empty(made.api, api_models.metadata)
        fake_database.empty(made.get(), cell_models.metadata)
        return made


class _OnPostgreSQL(_OnMariaDB):
    start = Parts.postgresql


class MariaDBFiltersTest(_OnMariaDB, test_server_lists.FiltersTest):
    pass


class PostgreSQLFiltersTest(_OnPostgreSQL, test_server_lists.FiltersTest):
    pass


class MariaDBPagesTest(_OnMariaDB, test_server_lists.PagesTest):
    pass


class PostgreSQLPagesTest(_OnPostgreSQL, test_server_lists.PagesTest):
    pass


class MariaDBCreateTest(_OnMariaDB, test_server_create.ServerCreateTest):
    pass


class PostgreSQLCreateTest(_OnPostgreSQL, test_server_create.ServerCreateTest):
    pass


class MariaDBRacesTest(_OnMariaDB, test_server_create.ConcurrentCreatesTest):
    pass


class PostgreSQLRacesTest(_OnPostgreSQL, test_server_create.ConcurrentCreatesTest):
    pass


class MariaDBMetadataTest(_OnMariaDB, test_server_metadata.ServerMetadataTest):
    pass


class MariaDBHostileTest(_OnMariaDB, test_servers_hostile.HostileTest):
    pass


class MariaDBHostileToOneTest(_OnMariaDB, test_servers_hostile.HostileToOneTest):
    pass


class PostgreSQLHostileToOneTest(_OnPostgreSQL, test_servers_hostile.HostileToOneTest):
    pass
