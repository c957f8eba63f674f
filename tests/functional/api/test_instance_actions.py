# SPDX-License-Identifier: Apache-2.0
"""Instance actions: the journal as the API shows it."""

import datetime

from nova_lite.db import orders
from tests.functional.api.server_base import EDGES, IMAGE, ServersTest

_ACTION = {'action', 'instance_uuid', 'request_id', 'user_id', 'project_id', 'start_time', 'message'}


class InstanceActionsTest(ServersTest):
    def ask(self, uuid, path='', status=200, **kwargs):
        return self.api('GET', f'/servers/{uuid}/os-instance-actions{path}', status=status,
                        **{'user': 'user', 'project': 'p1', **kwargs})

    def journal(self, uuid):
        """Give the server's build the steps of one that failed on one host and was undone."""
        [order] = self.orders_of(uuid)

        def write(tx):
            for step, undoing, state, host, message in (
                    ('pick_destination', False, orders.STEP_DONE, None, None),
                    ('start_guest', False, orders.REFUSED, 'host1', 'no space'),
                    ('wait_for_ports', False, orders.SKIPPED, None, None),
                    ('start_guest', True, orders.STEP_DONE, 'host1', None),
                    ('pick_destination', True, orders.STARTED, None, 'trying')):
                orders.insert_step(
                    tx, deadline_after=60, order_id=order.id, attempt=1, step=step, undoing=undoing, state=state,
                    host=host, message=message, started_at=self.now,
                    finished_at=None if state == orders.STARTED else self.now)

        self.cells.get().transact(write)
        return order

    def test_every_version(self):
        uuid = self.boot()
        order = self.journal(uuid)
        for minor in EDGES:
            for user, admin in (('user', False), ('admin', True)):
                sent = {'version': f'2.{minor}', 'user': user}
                [listed] = self.ask(uuid, **sent).json['instanceActions']
                self.assertEqual(_ACTION | ({'updated_at'} if minor >= 58 else set()), set(listed))
                shown = self.ask(uuid, f'/{order.request_id}', **sent).json['instanceAction']
                events = shown.pop('events', None)
                self.assertEqual(listed, shown)
                self.assertEqual(admin or minor >= 51, events is not None, (minor, user))
                wanted = {'event', 'start_time', 'finish_time', 'result'} | ({'hostId'} if minor >= 62 else set())
                if admin:
                    wanted |= {'traceback'} | ({'host'} if minor >= 62 else set())
                    wanted |= {'details'} if minor >= 84 else set()
                for event in events or ():
                    self.assertEqual(wanted, set(event))

    def test_events(self):
        uuid = self.boot()
        order = self.journal(uuid)
        action = self.ask(uuid, f'/{order.request_id}', user='admin').json['instanceAction']
        self.assertEqual(('create', None), (action['action'], action['message']))
        self.assertEqual(
            [('conductor_undo_pick_destination', None, '', None),
             ('compute_undo_start_guest', 'Success', 'host1', None),
             ('compute_start_guest', 'Error', 'host1', 'no space'),
             ('conductor_pick_destination', 'Success', '', None)],
            [(event['event'], event['result'], event['host'], event['traceback']) for event in action['events']])

    def test_done_at_once(self):
        uuid = self.booted()
        self.api('POST', f'/servers/{uuid}/action', {'lock': None}, user='user', project='p1', status=202)
        newest = self.ask(uuid).json['instanceActions'][0]
        action = self.ask(uuid, f'/{newest["request_id"]}').json['instanceAction']
        self.assertEqual([('api_lock', 'Success')], [(e['event'], e['result']) for e in action['events']])

    def test_pages(self):
        uuid = self.booted()
        for _ in range(2):
            for body in ({'lock': None}, {'unlock': None}):
                self.api('POST', f'/servers/{uuid}/action', body, user='user', project='p1', status=202)
        whole = [action['request_id'] for action in self.ask(uuid).json['instanceActions']]
        self.assertEqual(5, len(whole))
        self.assertEqual('create', self.ask(uuid).json['instanceActions'][-1]['action'])
        found, path = [], '?limit=2'
        while path:
            page = self.ask(uuid, path).json
            found += [action['request_id'] for action in page['instanceActions']]
            path = page['links'][0]['href'].partition('os-instance-actions')[2] if 'links' in page else None
        self.assertEqual(whole, found)
        self.ask(uuid, '?marker=req-nothing', status=400)
        self.ask(uuid, '?limit=x', status=400)
        self.ask(uuid, '?what=x', status=400)
        self.ask(uuid, '?what=x', version='2.57')
        self.ask(uuid, '?changes-before=2030-01-01T00:00:00Z', version='2.65', status=400)

    def test_changes(self):
        uuid = self.booted()
        hour = datetime.timedelta(hours=1)
        before, after = ((self.now + shift).strftime('%Y-%m-%dT%H:%M:%SZ') for shift in (-hour, hour))
        for query, count in ((f'?changes-since={before}', 1), (f'?changes-since={after}', 0),
                             (f'?changes-before={after}', 1), (f'?changes-before={before}', 0)):
            self.assertEqual(count, len(self.ask(uuid, query).json['instanceActions']), query)
        self.ask(uuid, f'?changes-since={after}&changes-before={before}', status=400)

    def test_deleted_servers(self):
        uuid = self.booted()
        self.settle(uuid, 'deleted', host=None, deleted=True)
        self.ask(uuid, version='2.20', status=404)
        [action] = self.ask(uuid, version='2.21').json['instanceActions']
        self.ask(uuid, f'/{action["request_id"]}', version='2.21')

    def test_refused(self):
        uuid = self.booted()
        self.ask(uuid, '/req-nothing', status=404)
        self.ask(IMAGE, status=404)
        self.ask(uuid, project='p2', status=404)
