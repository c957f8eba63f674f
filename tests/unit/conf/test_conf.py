# SPDX-License-Identifier: Apache-2.0
"""Options: fresh sets, files and their faults, and a help text for every one of ours."""

import os
import tempfile

import testtools
from keystoneauth1 import loading

from nova_lite import conf

LOGIN = {option.dest for option in loading.get_auth_plugin_conf_options('v3password')}
LIBRARIES = {'database', 'api_database'}


class ConfTest(testtools.TestCase):

    def file(self, text, name='nova.conf'):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, name)
        with open(path, 'w') as file:
            file.write(text)
        return path

    def test_each_set_is_fresh(self):
        one, two = conf.new(config_files=[], config_dirs=[]), conf.new(config_files=[], config_dirs=[])
        one.set_override('host', 'one')
        self.assertNotEqual('one', two.host)

    def test_names_and_defaults_are_novas(self):
        options = conf.new(config_files=[], config_dirs=[])
        self.assertEqual((60, 10), (options.service_down_time, options.report_interval))
        self.assertEqual(8774, options.osapi_compute_listen_port)
        self.assertEqual((10, 20, 51200), (options.quota.instances, options.quota.cores, options.quota.ram))
        self.assertEqual(3, options.scheduler.max_attempts)
        self.assertEqual('placement', options.placement.service_type)
        self.assertEqual(['internal', 'public'], options.glance.valid_interfaces)

    def test_a_file_and_the_command_line(self):
        path = self.file('[DEFAULT]\nhost = h7\nquota_cores = 3\n[orders]\nlease_seconds = 50\n')
        options = conf.new(['--config-file', path], config_dirs=[])
        self.assertEqual(('h7', 3, 50), (options.host, options.quota.cores, options.orders.lease_seconds))

    def test_a_fault_in_a_file_is_told_with_its_place(self):
        for text in ('[DEFAULT]\nreport_interval = soon\n', 'no section\n', '[orders]\nlease_seconds = 1\n'):
            path = self.file(text)
            error = self.assertRaises(conf.ConfigurationError, conf.new, config_files=[path], config_dirs=[])
            self.assertIn(path, str(error))

    def test_a_file_that_is_not_there(self):
        self.assertRaises(conf.ConfigurationError, conf.new, ['--config-file', '/nonexistent/nova.conf'])

    def test_a_command_ends_with_one_line(self):
        path = self.file('[orders]\nlease_seconds = 1\n')
        error = self.assertRaises(SystemExit, conf.from_command_line, ['--config-file', path], 'nova-api')
        self.assertTrue(error.code.startswith('nova-api: '))
        self.assertNotIn('\n', error.code)

    def test_every_option_of_ours_explains_itself(self):
        bare = [
            f'[{group}] {option.name}' for group, options in conf.list_opts() for option in options
            if group not in LIBRARIES and option.dest not in LOGIN and len((option.help or '').strip()) < 15
        ]
        self.assertEqual([], bare)

    def test_files_from_the_environment(self):
        self.assertEqual((None, None), conf.files_from_environment({}))
        path = self.file('[DEFAULT]\nhost = h8\n')
        folder = os.path.dirname(path)
        self.assertEqual(([path], []), conf.files_from_environment({'OS_NOVA_CONFIG_DIR': folder}))
        os.mkdir(os.path.join(folder, 'nova.conf.d'))
        environ = {'OS_NOVA_CONFIG_DIR': folder, 'OS_NOVA_CONFIG_FILES': 'nova.conf;absent.conf'}
        self.assertEqual(([path], [os.path.join(folder, 'nova.conf.d')]), conf.files_from_environment(environ))
        self.assertRaises(
            conf.ConfigurationError, conf.files_from_environment, {'OS_NOVA_CONFIG_DIR': '/nonexistent'})
