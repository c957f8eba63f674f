# SPDX-License-Identifier: Apache-2.0
"""Actions on servers."""

from nova_lite import errors
from tests.functional.api.server_base import IMAGE, ServersTest


class ServerActionsTest(ServersTest):
    def act(self, uuid, body, status=202, version='2.104', user='user', project='p1'):
        return self.api('POST', f'/servers/{uuid}/action', body, version=version, user=user, project=project,
                        status=status)

    def test_versions(self):
        uuid = self.booted()
        for minor in (1, 72, 73, 104):
            version = f'2.{minor}'
            for body, vm_state in (({'os-stop': None}, 'stopped'), ({'os-start': None}, 'active'),
                                   ({'reboot': {'type': 'SOFT'}}, 'active'), ({'reboot': {'type': 'hard'}}, 'active'),
                                   ({'lock': None}, 'active'), ({'unlock': None}, 'active')):
                answer = self.act(uuid, body, version=version)
                self.assertEqual('', answer.text)
                self.settle(uuid, vm_state)

    def test_orders(self):
        uuid = self.booted()
        for body, operation, task_state, vm_state in (
                ({'os-stop': None}, 'stop', 'powering-off', 'stopped'),
                ({'os-start': None}, 'start', 'powering-on', 'active'),
                ({'reboot': {'type': 'SOFT'}}, 'reboot', 'rebooting', 'active'),
                ({'reboot': {'type': 'HARD'}}, 'reboot_hard', 'rebooting_hard', 'active'),
                ({'forceDelete': None}, 'force_delete', 'deleting', 'deleted')):
            self.act(uuid, body)
            order = self.orders_of(uuid)[-1]
            self.assertEqual((operation, 'open'), (order.operation, order.state))
            self.assertEqual(task_state, self.row(uuid).task_state)
            self.assertEqual(('', order.id), self.conductor.orders[-1])
            self.settle(uuid, vm_state)

    def test_guards(self):
        uuid = self.booted()
        answer = self.act(uuid, {'os-start': None}, status=409)
        self.assertEqual(('conflictingRequest', f"Cannot 'start' instance {uuid} while it is in vm_state active"),
                         self.fault(answer))
        self.act(uuid, {'os-stop': None})
        self.act(uuid, {'os-stop': None}, status=409)
        self.act(uuid, {'reboot': {'type': 'HARD'}}, status=409)
        building = self.boot()
        self.assertEqual(f'Instance {building} is not ready', self.fault(self.act(
            building, {'os-stop': None}, status=409))[1])
        self.act(IMAGE, {'os-stop': None}, status=404)
        self.act(uuid, {'os-stop': None}, status=404, project='p2')

    def test_bad_bodies(self):
        uuid = self.booted()
        for body in ({'os-stop': None, 'os-start': None}, {'fly': None}, {}, {'reboot': {}}, {'reboot': {'type': 'x'}},
                     {'os-resetState': {'state': 'paused'}}, {'lock': {'locked_reason': ''}}, {'unlock': None, 'x': 1}):
            self.act(uuid, body, status=400, user='admin')
        self.act(uuid, {'resetNetwork': None}, status=410)

    def test_not_here(self):
        uuid = self.booted()
        name, message = self.fault(self.act(uuid, {'pause': None}, status=501))
        self.assertEqual(('notImplemented', 'The action pause is not supported by this deployment.'), (name, message))
        self.act(uuid, {'addFixedIp': {'networkId': '1'}}, version='2.43', status=501)
        self.act(uuid, {'addFixedIp': {'networkId': '1'}}, version='2.44', status=404)
        self.act(uuid, {'trigger_crash_dump': None}, version='2.16', status=404)
        self.assertEqual('active', self.row(uuid).vm_state)

    def test_lock(self):
        uuid = self.booted()
        self.act(uuid, {'lock': {'locked_reason': 'mine'}})
        self.assertEqual(('owner', 'mine'), (self.row(uuid).locked_by, self.row(uuid).locked_reason))
        self.act(uuid, {'os-stop': None}, status=409)
        self.act(uuid, {'os-stop': None}, user='admin', project='admin')
        self.settle(uuid)
        self.act(uuid, {'lock': None}, user='admin', project='admin')
        self.assertEqual('admin', self.row(uuid).locked_by)
        self.act(uuid, {'lock': None})
        self.assertEqual('admin', self.row(uuid).locked_by)
        self.act(uuid, {'unlock': None}, status=403)
        self.act(uuid, {'unlock': None}, user='admin', project='admin')
        self.assertEqual((None, None), (self.row(uuid).locked_by, self.row(uuid).locked_reason))
        self.assertEqual(['create', 'lock', 'stop', 'lock', 'unlock'], [o.action for o in self.orders_of(uuid)])

    def test_reset_state(self):
        uuid = self.booted()
        self.act(uuid, {'os-stop': None})
        fence = self.row(uuid).fence
        self.act(uuid, {'os-resetState': {'state': 'error'}}, status=403)
        self.act(uuid, {'os-resetState': {'state': 'error'}}, user='admin')
        row = self.row(uuid)
        self.assertEqual(('error', None), (row.vm_state, row.task_state))
        self.assertGreater(row.fence, fence)
        self.assertEqual(['done', 'superseded', 'done'], [order.state for order in self.orders_of(uuid)])
        self.act(uuid, {'os-resetState': {'state': 'active'}}, user='admin')
        self.assertEqual('active', self.row(uuid).vm_state)

    def test_reset_state_lets_a_delete_go_on(self):
        uuid = self.booted()
        self.api('DELETE', f'/servers/{uuid}', status=204)
        self.act(uuid, {'os-resetState': {'state': 'error'}}, user='admin')
        row = self.row(uuid)
        self.assertEqual(('error', 'deleting'), (row.vm_state, row.task_state))
        self.assertEqual(('delete', 'open'), (self.orders_of(uuid)[1].operation, self.orders_of(uuid)[1].state))

    def test_console_output(self):
        uuid = self.booted()
        self.computes.logs[uuid] = 'boot\x07 line\n\tend\r\n'
        answer = self.act(uuid, {'os-getConsoleOutput': {'length': '20'}}, status=200)
        self.assertEqual({'output': 'boot line\n\tend\n'}, answer.json)
        [(host, request)] = self.computes.asked
        self.assertEqual(('host1', uuid, f'instance-{self.row(uuid).id:08x}', 20),
                         (host, request.server_uuid, request.name, request.length))
        self.assertEqual('', self.act(uuid, {'os-getConsoleOutput': {'length': 0}}, status=200).json['output'])
        for length in (None, -1):
            self.act(uuid, {'os-getConsoleOutput': {'length': length}}, status=200)
            self.assertIsNone(self.computes.asked[-1][1].length)
        self.act(uuid, {'os-getConsoleOutput': {'length': '9' * 5000}}, status=200)
        self.act(uuid, {'os-getConsoleOutput': {'length': -2}}, status=400)

    def test_no_console_output(self):
        uuid = self.booted()
        for error, status in ((errors.NotFound('x'), 404), (errors.Unsupported('x'), 501),
                              (errors.Unavailable('x'), 503), (errors.Conflict('x'), 409)):
            self.computes.logs[uuid] = error
            self.act(uuid, {'os-getConsoleOutput': {}}, status=status)
        self.act(self.boot(), {'os-getConsoleOutput': {}}, status=409)
