# SPDX-License-Identifier: Apache-2.0
"""nova-manage cell_v2: what deployment tools call succeeds, and the lists say what is there."""

import datetime
import uuid

from nova_lite.db import hosts, locations, services
from nova_lite.manage.cells import DEFAULT_UUID
from nova_lite.messages.hosts import Heartbeat, HostFacts
from tests.functional.manage.case import ManageCase

NOW = datetime.datetime.now(datetime.UTC)


class Cells(ManageCase):
    def setUp(self):
        super().setUp()
        self.sync()

    def test_what_deployment_tools_call_succeeds(self):
        for words in (['simple_cell_setup'], ['simple_cell_setup', '--transport-url', 'rabbit://somewhere'],
                      ['map_cell0'], ['map_cell0', '--database_connection', 'sqlite://'],
                      ['map_cell_and_hosts', '--name', 'cell1'], ['create_cell'], ['create_cell', '--name', 'cell1'],
                      ['create_cell', '--name', 'cell1', '--database_connection', self.urls['cell']],
                      ['discover_hosts'], ['discover_hosts', '--verbose', '--strict', '--by-service'],
                      ['map_instances', '--cell_uuid', DEFAULT_UUID, '--max-count', '50', '--reset']):
            self.assertTrue(self.manage('cell_v2', *words).strip(), words)

    def test_the_uuid_that_scripts_read_is_the_one_of_the_list(self):
        said = self.manage('cell_v2', 'create_cell', '--verbose')
        self.assertEqual(DEFAULT_UUID, said.strip())
        self.assertIn(DEFAULT_UUID, self.manage('cell_v2', 'list_cells'))

    def test_another_cell_is_refused(self):
        said = self.manage('cell_v2', 'create_cell', '--database_connection', 'sqlite:///elsewhere', code=1)
        self.assertIn('one cell', said)
        self.assertIn('cannot be disabled', self.manage('cell_v2', 'create_cell', '--disabled', code=1))

    def test_an_unknown_cell(self):
        for command in ('discover_hosts', 'list_hosts', 'map_instances'):
            self.assertIn('not found', self.manage('cell_v2', command, '--cell_uuid', str(uuid.uuid4()), code=1))

    def test_passwords_are_shown_only_when_asked(self):
        self.configure('[DEFAULT]\ntransport_url = rabbit://nova:hunter2@127.0.0.1:5672/\n')
        self.assertNotIn('hunter2', self.manage('cell_v2', 'list_cells'))
        self.assertIn('hunter2', self.manage('cell_v2', 'list_cells', '--verbose'))

    def test_hosts_are_listed_by_service_and_by_node(self):
        database = self.open().get()
        database.transact(services.heartbeat, Heartbeat('one', 'nova-compute', 'compute', 'boot'), NOW)
        database.transact(services.heartbeat, Heartbeat('two', 'nova-conductor', 'conductor', 'boot'), NOW)
        database.transact(hosts.upsert_facts, HostFacts('three', 'three', str(uuid.uuid4()), 'fake', 1, '127.0.0.1',
                                                        1, 1, 1), NOW)
        said = self.manage('cell_v2', 'list_hosts')
        self.assertEqual([True, False, True], [name in said for name in ('one', 'two', 'three')])
        self.assertIn('2 are known', self.manage('cell_v2', 'discover_hosts'))

    def test_verify_instance(self):
        server = str(uuid.uuid4())
        self.manage('cell_v2', 'verify_instance', '--uuid', server, code=1)
        self.open().api.transact(locations.insert, server_uuid=server, cell='', project_id='p', user_id='u', cores=1,
                                 ram=1, now=NOW)
        self.assertIn('is in cell', self.manage('cell_v2', 'verify_instance', '--uuid', server))
        self.assertEqual('', self.manage('cell_v2', 'verify_instance', '--quiet', '--uuid', server))

    def test_tables_that_are_not_there(self):
        self.urls['api'] = f'sqlite:///{self.folder}/new.sqlite'
        self.configure()
        self.assertIn('api_db sync', self.manage('cell_v2', 'list_cells', code=1))
