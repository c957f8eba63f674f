# SPDX-License-Identifier: Apache-2.0
"""The guards: each operation against every state a server can be in. Who is refused has written nothing."""

import itertools

import testtools

from nova_lite import context, states
from nova_lite.db import orders, servers
from nova_lite.operations import begin, catalog
from tests.functional.lab import Lab

TASK_STATES = (None, states.SCHEDULING, states.SPAWNING, states.POWERING_OFF, states.POWERING_ON, states.REBOOTING,
               states.REBOOT_PENDING, states.REBOOT_STARTED, states.REBOOTING_HARD, states.REBOOT_STARTED_HARD,
               states.PAUSING, states.UNPAUSING, states.SUSPENDING, states.RESUMING, states.DELETING)
# What Nova allows: vm_states and task_states, None for any.
ALLOWED = {
    'start': ({'stopped'}, {None}),
    'stop': ({'active', 'error'}, {None}),
    'reboot': ({'active'}, {None}),
    'reboot_hard': ({'active', 'stopped', 'paused', 'suspended', 'error'},
                    {None, 'rebooting', 'reboot_pending', 'reboot_started', 'resuming', 'rebooting_hard', 'unpausing',
                     'pausing', 'suspending'}),
    'delete': (None, None),
    'force_delete': (None, None),
}
WHO = context.RequestContext(user_id='user', project_id='project')


class Guards(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.lab = Lab()
        self.addCleanup(self.lab.close)
        self.server = self.lab.create()
        self.lab.settle()

    def begin(self, operation, **options):
        return self.lab.database.transact(
            begin.begin, operation, self.server, context=WHO, now=self.lab.clock.now(), **options)

    def put(self, **columns):
        """Make the server what the test needs, with no order open."""
        def write(tx):
            orders.supersede(tx, self.server, 'by the test', self.lab.clock.now())
            servers.update(tx, self.server, **columns)
        self.lab.database.transact(write)

    def refused(self, error, operation, **options):
        before = self.lab.server(self.server), self.lab.orders(self.server)
        raised = self.assertRaises(error, self.begin, operation, **options)
        self.assertEqual(before, (self.lab.server(self.server), self.lab.orders(self.server)))
        return str(raised)

    def test_every_state(self):
        for operation, (vm_states, task_states) in ALLOWED.items():
            for vm_state, task_state in itertools.product(states.VM_STATES, TASK_STATES):
                self.put(vm_state=vm_state, task_state=task_state)
                allowed = (vm_states is None or vm_state in vm_states) and (
                    task_states is None or task_state in task_states)
                if not allowed:
                    self.refused(begin.InvalidState, operation)
                    continue
                order = self.begin(operation)
                row, written = self.lab.server(self.server), self.lab.orders(self.server)[-1]
                self.assertEqual((catalog.OPERATIONS[operation].task_state, vm_state), (row.task_state, row.vm_state))
                self.assertEqual((order, 'open', row.fence, self.server),
                                 (written.id, written.state, written.fence, written.open_key))

    def test_what_is_said(self):
        name = self.server
        self.put(vm_state=states.STOPPED)
        self.assertEqual(f"Cannot 'stop' instance {name} while it is in vm_state stopped",
                         self.refused(begin.InvalidState, 'stop'))
        self.put(vm_state=states.ACTIVE, task_state=states.REBOOTING)
        self.assertEqual(f"Cannot 'stop' instance {name} while it is in task_state rebooting",
                         self.refused(begin.InvalidState, 'stop'))
        self.put(task_state=None, launched_at=None)
        self.assertEqual(f"Cannot 'reboot' instance {name} while it has never been active",
                         self.refused(begin.InvalidState, 'reboot'))
        self.begin('delete')

    def test_a_lock(self):
        self.put(locked_by='owner')
        for operation in ALLOWED:
            self.put(vm_state=states.STOPPED if operation == 'start' else states.ACTIVE, task_state=None)
            self.assertEqual(f'Instance {self.server} is locked', self.refused(begin.ServerLocked, operation))
            self.begin(operation, lock_override=True)

    def test_without_a_host(self):
        self.put(host=None)
        for operation, vm_state in (('start', 'stopped'), ('stop', 'active')):
            self.put(vm_state=vm_state)
            self.assertEqual(f'Instance {self.server} is not ready', self.refused(begin.ServerNotReady, operation))

    def test_a_server_that_is_not_there(self):
        self.put(deleted=True)
        for operation in ALLOWED:
            self.refused(begin.ServerNotFound, operation)

    def test_an_exclusive_operation_is_alone_and_a_superseding_one_takes_over(self):
        first = self.begin('reboot')
        self.refused(begin.InvalidState, 'stop')
        self.refused(begin.InvalidState, 'reboot')
        second = self.begin('reboot_hard')
        third = self.begin('delete')
        found = {order.id: order for order in self.lab.orders(self.server)}
        self.assertEqual([('superseded', None), ('superseded', None), ('open', self.server)],
                         [(found[order].state, found[order].open_key) for order in (first, second, third)])
        self.assertEqual([2, 3, 4], [found[order].fence for order in (first, second, third)])
        self.assertEqual('Superseded by reboot_hard', found[first].message)

    def test_what_is_done_at_once_is_recorded(self):
        order = self.lab.database.transact(begin.record, 'lock', self.server, context=WHO, now=self.lab.clock.now())
        written = self.lab.orders(self.server)[-1]
        self.assertEqual((order, 'lock', 'done'), (written.id, written.action, written.state))
        self.assertEqual((None, None, None), (written.open_key, written.owner, written.wake_at))
        self.assertTrue(self.lab.is_idle())
