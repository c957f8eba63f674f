# SPDX-License-Identifier: Apache-2.0
"""nova-manage order, on orders that a laboratory's conductor left in a SQLite file."""

import time

from nova_lite import states
from nova_lite.db import orders, servers
from nova_lite.messages import jobs
from tests.functional.lab import Lab
from tests.functional.manage.case import ManageCase


class Orders(ManageCase):
    def setUp(self):
        super().setUp()
        self.urls['api'] = self.urls['cell']
        self.configure()
        self.lab = Lab(url=self.urls['cell'])
        self.addCleanup(self.lab.close)

    def stuck(self):
        """A delete that its host refuses: (server, order)."""
        server = self.lab.create()
        self.lab.settle()
        self.lab.computes.hosts[self.lab.server(server).host].refuse = jobs.DestroyGuest
        order = self.lab.begin('delete', server)
        self.assertTrue(self.lab.executor.run_until(lambda: self.lab.orders(server)[-1].state == orders.STUCK,
                                                     100.0))
        return server, order

    def test_list(self):
        self.assertIn('No order is open', self.manage('order', 'list'))
        server, order = self.stuck()
        said = self.manage('order', 'list')
        self.assertEqual((1, 1, 0), (said.count(server), said.count('stuck'), said.count('build')))
        self.assertIn('build', self.manage('order', 'list', '--all'))
        self.assertIn('no such', self.manage('order', 'list', '--server', 'another'))
        self.assertEqual(1, self.manage('order', 'list', '--all', '--limit', '1').count(server))

    def test_show(self):
        server, order = self.stuck()
        said = self.manage('order', 'show', order)
        for word in (server, 'delete', 'stuck', 'destroy_guests', 'told to refuse'):
            self.assertIn(word, said)
        build = self.lab.orders(server)[0].id
        self.assertIn('The scheduler chose host1.', self.manage('order', 'show', build))
        self.assertIn('does not exist', self.manage('order', 'show', 999, code=1))

    def test_show_why_no_host_was_found(self):
        for host in self.lab.computes.hosts.values():
            host.die()
        server = self.lab.create()
        self.lab.settle()
        said = self.manage('order', 'show', self.lab.orders(server)[0].id)
        for word in ('placement', 'no candidates', 'chose no host'):
            self.assertIn(word, said)

    def test_retry(self):
        server, order = self.stuck()
        self.assertIn('goes on', self.manage('order', 'retry', order))
        self.assertLess(abs(self.lab.orders(server)[-1].wake_at - time.time()), 60)
        self.assertIn('nothing to retry', self.manage('order', 'retry', self.lab.orders(server)[0].id, code=1))
        self.assertIn('does not exist', self.manage('order', 'retry', 999, code=1))

    def test_retry_of_what_is_being_run(self):
        server, order = self.stuck()
        with self.lab.database.write() as tx:
            orders.register_conductor(tx, 'living', 'host', time.time())
            orders.claim(tx, order, 'living')
        self.assertIn('being run now, by living', self.manage('order', 'retry', order, code=1))

    def test_abandon(self):
        server, order = self.stuck()
        fence = self.lab.server(server).fence
        self.assertIn('--yes', self.manage('order', 'abandon', order, code=1))
        self.assertEqual(orders.STUCK, self.lab.orders(server)[-1].state)
        self.assertIn('abandoned', self.manage('order', 'abandon', order, '--yes'))
        row, closed = self.lab.server(server), self.lab.orders(server)[-1]
        self.assertEqual((states.ERROR, None, fence + 1), (row.vm_state, row.task_state, row.fence))
        self.assertEqual((orders.ABANDONED, None, None, None),
                         (closed.state, closed.open_key, closed.secrets, closed.owner))
        self.assertIn('nothing to abandon', self.manage('order', 'abandon', order, '--yes', code=1))

    def test_a_server_may_be_deleted_after_its_order_was_abandoned(self):
        server, order = self.stuck()
        self.manage('order', 'abandon', order, '--yes')
        for host in self.lab.computes.hosts.values():
            host.refuse = None
        self.lab.begin('delete', server)
        self.lab.settle()
        self.assertTrue(self.lab.server(server).deleted)
        self.lab.check_nothing_extra()

    def test_a_deleted_server_stays_deleted(self):
        server, order = self.stuck()
        self.lab.database.transact(servers.update, server, deleted=True, vm_state=states.DELETED)
        self.manage('order', 'abandon', order, '--yes')
        self.assertEqual(states.DELETED, self.lab.server(server).vm_state)
