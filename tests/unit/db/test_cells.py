# SPDX-License-Identifier: Apache-2.0
"""Which database is opened with which options. Nothing is connected to."""

import testtools

from nova_lite import conf as conf_module
from nova_lite import errors
from nova_lite.db import cells

URL = 'postgresql+psycopg2://nova:secret@127.0.0.1:1/%s'


class FromConf(testtools.TestCase):
    def opened(self, **sections):
        conf = conf_module.new(config_files=[], config_dirs=[])
        for section, values in sections.items():
            for name, value in values.items():
                conf.set_override(name, value, group=section)
        found = cells.Cells.from_conf(conf)
        self.addCleanup(found.dispose)
        return found.api.engine.pool, found.get().engine.pool

    def test_each_section_rules_its_own_connections(self):
        api, cell = self.opened(
            api_database={'connection': URL % 'nova_api', 'max_pool_size': 3, 'max_overflow': 4, 'pool_timeout': 7},
            database={'connection': URL % 'nova', 'max_pool_size': 11, 'connection_recycle_time': 60})
        self.assertEqual((3, 4, 7, 3600), (api.size(), api._max_overflow, api._timeout, api._recycle))
        self.assertEqual((11, 50, 30, 60), (cell.size(), cell._max_overflow, cell._timeout, cell._recycle))

    def test_one_section_rules_both_where_the_other_names_no_database(self):
        for section in ('database', 'api_database'):
            pools = self.opened(**{section: {'connection': URL % 'nova', 'max_pool_size': 2}})
            self.assertEqual([2, 2], [pool.size() for pool in pools])

    def test_none_is_named(self):
        self.assertRaises(errors.Invalid, self.opened)
