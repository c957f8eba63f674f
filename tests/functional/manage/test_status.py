# SPDX-License-Identifier: Apache-2.0
"""nova-status upgrade check against a small placement of the test's own, and nova-policy."""

import datetime
import http.server
import json
import threading

from nova_lite.cmd import policy, status
from nova_lite.db import servers, services
from nova_lite.messages.hosts import Heartbeat
from tests.functional.manage.case import ManageCase, environment

NOW = datetime.datetime.now(datetime.UTC)


class Status(ManageCase):
    def placement(self, newest='1.39'):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps({'versions': [{'id': 'v1.0', 'min_version': '1.0', 'max_version': newest}]}).encode()
                self.send_response(200)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.configure(f'[api]\nauth_strategy = noauth2\n[placement]\nauth_type = none\n'
                       f'endpoint_override = http://127.0.0.1:{server.server_port}\n')

    def check(self, code):
        found, said, _ = self.run_main(status.main, '--config-file', self.config, 'upgrade', 'check', '--json')
        self.assertEqual(code, found, said)
        return {one['check']: (one['result'], one['details']) for one in json.loads(said)['checks']}

    def beat(self):
        self.open().get().transact(services.heartbeat, Heartbeat('one', 'nova-compute', 'compute', 'boot'), NOW)

    def test_all_is_well(self):
        self.sync()
        self.placement()
        self.beat()
        self.assertEqual({0}, {result for result, _ in self.check(0).values()})
        code, said, _ = self.run_main(status.main, 'upgrade', 'check', '--config-file', self.config)
        self.assertEqual((0, True), (code, '| Check: Placement API' in said))

    def test_no_compute_is_a_warning(self):
        self.sync()
        self.placement()
        self.assertEqual(1, self.check(1)['Compute Services'][0])
        self.beat()
        with self.open().get().write() as tx:
            tx.exec_driver_sql('UPDATE services SET last_seen = 0')
        self.assertIn('None of 1', self.check(1)['Compute Services'][1])

    def test_schemas_that_are_behind(self):
        self.placement()
        found = self.check(2)
        self.assertIn('api_db sync', found['API Database'][1])
        self.assertEqual((2, 2), (found['Cells v2'][0], found['Compute Services'][0]))
        self.manage('api_db', 'sync')
        self.assertIn('db sync', self.check(2)['Cells v2'][1])

    def test_a_placement_that_is_too_old_or_away(self):
        self.sync()
        self.placement('1.36')
        self.assertIn('1.39 is needed, and 1.36', self.check(2)['Placement API'][1])
        self.configure('[placement]\nauth_type = none\nendpoint_override = http://127.0.0.1:1\n')
        self.assertIn('did not answer', self.check(2)['Placement API'][1])

    def test_a_service_token_is_needed_with_keystone(self):
        self.sync()
        self.configure('[api]\nauth_strategy = keystone\n')
        self.assertEqual(2, self.check(2)['Service User Token Configuration'][0])

    def test_a_policy_file_in_json(self):
        self.sync()
        (self.folder / 'policy.json').write_text('{"context_is_admin": "role:admin"}')
        self.configure(f'[oslo_policy]\npolicy_file = {self.folder}/policy.json\n')
        self.assertEqual(2, self.check(2)['Policy File JSON to YAML Migration'][0])


class Policy(ManageCase):
    def policy(self, *words, code=0):
        found, said, complained = self.run_main(policy.main, 'policy', *words, '--config-file', self.config)
        self.assertEqual(code, found, complained)
        return said + complained

    def test_list(self):
        said = self.policy('list', '--api-name', 'os-services')
        self.assertIn('os_compute_api:os-services:delete', said)
        self.assertNotIn('keypairs', said)

    def test_check(self):
        name = 'os_compute_api:os-services:list'
        self.assertIn(name, self.policy('check', '--os-roles', 'admin'))
        self.assertNotIn(name, self.policy('check', '--os-roles', 'member', '--os-tenant-id', 'p'))
        self.assertIn('No policy rule', self.policy('check', '--api-name', 'such', code=1))

    def test_targets(self):
        rule = 'os_compute_api:servers:delete'
        asker = ('--api-name', rule, '--os-roles', 'member', '--os-tenant-id', 'p')
        self.assertIn(rule, self.policy('check', *asker, '--target', 'project_id=p'))
        self.assertEqual('', self.policy('check', *asker, '--target', 'project_id=q'))
        self.assertIn('is no target', self.policy('check', '--target', 'colour=blue', code=1))

    def test_the_target_is_a_server(self):
        rule = 'os_compute_api:servers:delete'
        self.sync()
        self.open().get().transact(servers.insert, {
            'uuid': 'one', 'project_id': 'p', 'user_id': 'u', 'display_name': 'n', 'hostname': 'n',
            'vm_state': 'active', 'flavorid': '1', 'flavor': {}, 'created_at': NOW})
        for project, said in (('p', f'{rule}\n'), ('q', '')):
            self.assertEqual(said, self.policy('check', '--api-name', rule, '--os-roles', 'member', '--os-tenant-id',
                                               project, '--target', 'instance_id=one'))
        self.assertIn('could not be found', self.policy('check', '--target', 'instance_id=two', code=1))

    def test_a_rule_of_the_file_counts(self):
        (self.folder / 'policy.yaml').write_text('"os_compute_api:os-services:list": "role:reader"\n')
        self.configure(f'[oslo_policy]\npolicy_file = {self.folder}/policy.yaml\n')
        with environment(OS_ROLES='unused'):
            self.assertIn('os_compute_api:os-services:list', self.policy('check', '--os-roles', 'reader'))
