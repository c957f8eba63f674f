# SPDX-License-Identifier: Apache-2.0
"""nova-manage api_db and db, with real SQLite files."""

import subprocess
import sys

from nova_lite.cmd import manage
from nova_lite.db import migrate
from tests.functional.manage.case import ManageCase


class Databases(ManageCase):
    def test_sync_and_version(self):
        self.assertEqual('None\n', self.manage('db', 'version'))
        self.assertEqual('None\n', self.manage('api_db', 'version'))
        self.sync()
        self.assertEqual(migrate.newest('cell') + '\n', self.manage('db', 'version'))
        self.assertEqual(migrate.newest('api') + '\n', self.manage('api_db', 'version'))
        self.assertIn('already', self.manage('db', 'sync'))

    def test_sync_to_a_version(self):
        self.manage('db', 'sync', '--local_cell', migrate.versions('cell')[0])
        self.assertEqual(migrate.versions('cell')[0] + '\n', self.manage('db', 'version'))
        self.assertIn('no version', self.manage('db', 'sync', '9999', code=1))

    def test_sync_reaches_further_cells(self):
        self.sync()
        with self.open().api.write() as tx:
            tx.exec_driver_sql("INSERT INTO cells (uuid, name, database_connection, disabled) VALUES ('u', 'two', "
                               f"'sqlite:///{self.folder}/two.sqlite', 0)")
        self.assertIn('Cell two', self.manage('db', 'sync'))
        self.assertEqual(migrate.newest('cell'), migrate.version(self.open().get('two'), 'cell'))
        self.assertNotIn('two', self.manage('db', 'sync', '--local_cell'))

    def test_options_before_and_after_the_command(self):
        for words in (['--config-file', self.config, 'db', 'version'],
                      ['db', f'--config-file={self.config}', 'version'],
                      ['db', 'version', '--config-file', self.config, '--debug']):
            self.assertEqual(0, self.run_main(manage.main, *words)[0], words)

    def test_wrong_words_end_with_2(self):
        for words in ([], ['db'], ['db', 'nothing'], ['db', 'sync', '--such'], ['nothing']):
            self.assertEqual(2, self.run_main(manage.main, *words)[0], words)

    def test_no_database_is_said(self):
        self.config.write_text('')
        self.assertIn('connection is set', self.manage('db', 'sync', code=1))

    def test_a_database_that_is_away_is_said_without_its_password(self):
        self.urls['cell'] = 'mysql+pymysql://nova:hunter2@127.0.0.1:1/nova'
        self.configure()
        said = self.manage('db', 'sync', code=1)
        self.assertIn('did not answer', said)
        self.assertNotIn('hunter2', said)

    def test_there_is_no_data_to_migrate(self):
        self.assertIn('no data', self.manage('db', 'online_data_migrations', '--max-count', '50'))

    def test_as_a_process(self):
        done = subprocess.run([sys.executable, '-m', 'nova_lite.cmd.manage', '--config-file', self.config, 'db',
                               'sync'], capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual((0, ''), (done.returncode, done.stderr))
        self.assertIn(f'at version {migrate.newest("cell")} now', done.stdout)
