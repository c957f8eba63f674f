# SPDX-License-Identifier: Apache-2.0
"""Orders change hands: dead conductors, late ones, several at once, draining ones, messages that never came."""

from nova_lite import errors, states
from nova_lite.conductor import adoption, flow, journal
from nova_lite.conductor.at import At
from nova_lite.db import cells, orders
from nova_lite.messages import jobs
from tests.functional.workflows.case import LabCase


class LateOwner(LabCase):
    """A conductor whose lease has lapsed, without knowing it, in the middle of a stop that another one ends."""

    def setUp(self):
        super().setUp()
        self.server = self.active()
        order = self.lab.begin('stop', self.server, cast=False)
        self.write(orders.register_conductor, 'late', 'late', 5)
        self.held = journal.take(self.lab.database, cells.DEFAULT, order, 'late', self.lab.clock)
        self.step = self.lab.workflows['stop'].step('power_off')
        self.entry = self.held.start_step(self.step, 1, False, host=self.lab.server(self.server).host, deadline=100,
                                          version=1)
        self.lab.settle(20)
        self.done = self.lab.journal(order)

    def test_the_other_one_has_raised_the_fence(self):
        self.assertEqual(self.held.order.fence + 1, self.lab.server(self.server).fence)
        self.assertEqual((orders.DONE, self.held.order.fence + 1), (self.order(self.server).state,
                                                                    self.order(self.server).fence))

    def test_no_write_of_the_late_one_is_taken(self):
        self.held.end_step(self.entry, orders.REFUSED, message='no')
        for write in (lambda: self.held.start_step(self.step, 1, True, host=None, deadline=1, version=1),
                      lambda: self.held.park(self.entry, orders.STARTED, 1.0, 'late'),
                      lambda: self.held.park_stuck(self.entry, 1.0, 'late'),
                      self.held.raise_fence,
                      lambda: self.held.close(orders.FAILED, flow.Closing(server={'vm_state': 'error'}))):
            self.assertRaises(journal.Lost, write)
        self.assertEqual(self.done, self.lab.journal(self.held.order.id))
        self.assert_states(self.server, states.STOPPED)

    def test_no_host_obeys_the_late_one(self):
        self.lab.begin('start', self.server)
        self.lab.settle()
        self.assertRaises(errors.Unavailable, At(self.lab.world, self.held, self.entry).job,
                          jobs.PowerOff('instance', timeout=0))
        self.assertEqual(states.RUNNING, self.host_of(self.server).guests[self.server])


class Adoption(LabCase):
    def test_a_lost_cast_is_found(self):
        server = self.active()
        self.lab.begin('stop', server, cast=False)
        self.lab.settle(10)
        self.assert_states(server, states.STOPPED)

    def test_two_conductors_are_told_of_the_same_order(self):
        other = self.lab.start_conductor()
        server = self.active()
        host = self.host_of(server)
        host.latency = 3.0
        order = self.lab.begin('stop', server, cast=False)
        for process in (self.lab.processes[0], other, self.lab.processes[0], other):
            process.engine.wake('', order)
        self.lab.settle()
        self.assertEqual([(1, 'power_off', False, orders.STEP_DONE, host.name)], self.steps(server))
        self.assert_states(server, states.STOPPED)

    def test_three_conductors_two_of_which_die(self):
        for _ in range(2):
            self.lab.start_conductor()
        for host in self.lab.computes.hosts.values():
            host.latency = 4.0
        servers = []
        for number in range(12):
            servers.append(self.lab.create())
            self.lab.processes[number % 3].engine.wake('', self.order(servers[-1]).id)
        self.pass_time(2)
        for process in self.lab.processes[:2]:
            process.die()
        self.lab.settle(60)
        self.assertEqual({states.ACTIVE}, {self.lab.server(server).vm_state for server in servers})
        self.lab.check_nothing_extra()

    def test_an_order_in_the_hands_of_a_dead_conductor_waits_for_its_lease(self):
        server = self.active()
        order = self.lab.begin('stop', server, cast=False)
        self.write(orders.register_conductor, 'dead', 'dead', 30)
        journal.take(self.lab.database, cells.DEFAULT, order, 'dead', self.lab.clock)
        self.pass_time(25)
        self.assertEqual('dead', self.order(server).owner)
        self.lab.settle(15)
        self.assert_states(server, states.STOPPED)

    def test_a_conductor_that_drains_gives_everything_back_at_once(self):
        server = self.active()
        first, other = self.lab.conductor, self.lab.start_conductor()
        order = self.lab.begin('delete', server, cast=False)

        def drain_in_the_middle(at):
            first.engine.drain()
            return self.destroy(at)

        workflow = self.lab.workflows['delete']
        self.destroy = workflow.steps[0].do
        drain_in_the_middle.__name__ = self.destroy.__name__
        self.lab.workflows['delete'] = _with_first_step(workflow, drain_in_the_middle)
        first.engine.wake('', order)
        self.wait_until(lambda: first.engine.draining, 1)
        self.assertEqual((orders.OPEN, None), (self.order(server).state, self.order(server).owner))
        self.assertTrue(first.engine.wait_idle(0))
        first.die()
        first.lease.end()
        del self.lab.workflows['delete']
        self.lab.workflows['delete'] = workflow
        self.lab.settle(self.lab.conf.orders.adoption_interval + 1)
        self.assertTrue(self.lab.server(server).deleted)
        self.assertFalse(other.engine.draining)

    def test_the_end_of_a_lease_gives_back_what_was_held(self):
        server = self.active()
        order = self.lab.begin('stop', server, cast=False)
        self.write(orders.register_conductor, 'leaving', 'leaving', 1000)
        journal.take(self.lab.database, cells.DEFAULT, order, 'leaving', self.lab.clock)
        self.write(orders.end_lease, 'leaving')
        self.lab.settle(self.lab.conf.orders.adoption_interval + 1)
        self.assert_states(server, states.STOPPED)

    def test_a_conductor_whose_lease_lapsed_takes_a_new_one(self):
        server = self.active()
        lease = self.lab.conductor.lease
        before = lease.owner
        self.lab.clock.advance(100)
        lease.renew()
        self.assertNotEqual(before, lease.owner)
        self.lab.begin('stop', server)
        self.lab.settle(5)
        self.assert_states(server, states.STOPPED)

    def test_no_error_of_the_database_ends_the_renewal_of_the_lease(self):
        failures = [RuntimeError('the database is read-only'), errors.Unavailable('it does not answer')]

        class Database:
            def transact(self, *arguments):
                if failures:
                    raise failures.pop()
                return True

        lease = adoption.Lease(Database(), 'host', 30)
        beats = []

        def beat():
            beats.append(1)
            lease._ended = True

        lease.keep(0, beat)
        self.assertEqual(([], [1]), (failures, beats))

    def test_gone_conductors_are_forgotten_unless_they_own_something(self):
        server = self.active()
        order = self.lab.begin('stop', server, cast=False)
        for name in ('gone', 'owner'):
            self.write(orders.register_conductor, name, name, 1)
        self.write(orders.claim, order, 'owner')
        self.lab.clock.advance(5000)
        self.lab.conductor.lease.renew()
        self.write(orders.forget_conductors, 3600)
        names = set(self.read(lambda tx: tx.execute(
            orders.sa.select(orders.models.conductors.c.host)).scalars().all()))
        self.assertEqual({'owner', 'conductor1'}, names)


class Mishaps(LabCase):
    """What nobody thought of happens to the conductor itself."""

    def test_an_error_in_the_workflow_itself_does_not_lose_the_order(self):
        failures = [KeyError('nobody thought of this'), TypeError('nor of this')]
        workflow = self.lab.workflows['stop']

        def succeeded(at):
            if failures:
                raise failures.pop()
            return workflow.succeeded(at)

        server = self.active()
        self.lab.workflows['stop'] = _replace(workflow, succeeded=succeeded)
        self.lab.begin('stop', server)
        self.lab.settle(60)
        self.assert_states(server, states.STOPPED)

    def test_an_operation_that_this_release_does_not_know_waits_for_one_that_does(self):
        server = self.active()
        workflow = self.lab.workflows.pop('stop')
        self.lab.begin('stop', server)
        self.pass_time(60)
        self.assertEqual(orders.OPEN, self.order(server).state)
        self.lab.workflows['stop'] = workflow
        self.lab.settle(60)
        self.assert_states(server, states.STOPPED)

    def test_a_step_that_raises_something_strange_is_measured_again(self):
        workflow = self.lab.workflows['delete']
        failures = [ValueError('strange')] * 3
        destroy = workflow.steps[0].do

        def strange(at):
            if failures:
                raise failures.pop()
            return destroy(at)

        strange.__name__ = destroy.__name__
        server = self.active()
        self.lab.workflows['delete'] = _with_first_step(workflow, strange)
        order = self.lab.begin('delete', server)
        self.wait_until(lambda: len(failures) == 2, 5)
        self.assertEqual('ValueError: strange', self.lab.journal(order)[0].message)
        self.lab.settle(60)
        self.assertTrue(self.lab.server(server).deleted)

    def test_a_database_that_is_away_for_a_while(self):
        away = _Away(self.lab.cells)
        self.lab.replace_world(cells=away)
        server = self.active()
        away.now = True
        self.lab.begin('stop', server)
        self.pass_time(2)
        away.now = False
        self.lab.settle(60)
        self.assert_states(server, states.STOPPED)


class _Away:
    """The databases, which do not answer while `now` is True."""

    def __init__(self, real):
        self._real = real
        self.now = False

    def get(self, name=cells.DEFAULT):
        if self.now:
            raise errors.Unavailable('The database did not answer.')
        return self._real.get(name)

    @property
    def api(self):
        return self._real.api


def _replace(workflow, **changes):
    return flow.Workflow(**{**{name: getattr(workflow, name) for name in workflow.__dataclass_fields__}, **changes})


def _with_first_step(workflow, do):
    return _replace(workflow, steps=(flow.Step(do), *workflow.steps[1:]))
