# SPDX-License-Identifier: Apache-2.0
"""Orders that are stuck: an undo is refused or out of time, or a delete is refused. They go on by themselves."""

from nova_lite import errors, states
from nova_lite.db import orders
from nova_lite.messages import jobs
from tests.functional.workflows.case import LabCase


class AwayPlacement:
    """Placement's allocations, with `error` raised instead of an answer while it is set."""

    def __init__(self, real, error):
        self._real = real
        self.error = error

    def delete(self, consumer):
        if self.error is not None:
            raise self.error
        self._real.delete(consumer)


class Stuck(LabCase):
    def refuse(self, *work, hosts=('host1', 'host2', 'host3')):
        for name in hosts:
            self.lab.computes.hosts[name].refuse = work

    def stuck_build(self):
        """A build that failed on host1, which refuses to clean up too."""
        self.refuse(jobs.StartGuest, jobs.DestroyGuest, hosts=['host1'])
        server = self.lab.create()
        self.wait_stuck(server)
        return server

    def stuck_delete(self):
        server = self.active()
        self.refuse(jobs.DestroyGuest)
        self.lab.begin('delete', server)
        self.wait_stuck(server)
        return server

    def test_a_refused_undo_is_stuck_and_says_where(self):
        server = self.stuck_build()
        [*_, last] = self.lab.journal(self.order(server).id)
        self.assertEqual(('start_guest', True, 'told to refuse', 'host1'),
                         (last.step, last.undoing, last.message, last.host))
        self.assertEqual((True, None), (self.order(server).undoing, self.order(server).owner))
        self.assert_states(server, states.BUILDING, states.SPAWNING)

    def test_it_resumes_by_itself(self):
        server = self.stuck_build()
        self.refuse(hosts=['host1'])
        self.lab.settle(100)
        self.assert_states(server, states.ACTIVE)
        self.assertEqual('host2', self.lab.server(server).host)
        self.lab.check_nothing_extra()

    def test_it_stays_stuck_as_long_as_it_is_refused(self):
        server = self.stuck_build()
        tries = self.lab.journal(self.order(server).id)[-1].tries
        self.pass_time(600)
        self.assertEqual(orders.STUCK, self.order(server).state)
        self.assertIn(self.lab.journal(self.order(server).id)[-1].tries - tries, range(8, 12))

    def test_retry_wakes_it_now(self):
        server = self.stuck_build()
        self.refuse(hosts=['host1'])
        self.assertTrue(self.write(orders.wake_now, self.order(server).id))
        self.lab.settle(self.lab.conf.orders.adoption_interval + 1)
        self.assert_states(server, states.ACTIVE)

    def test_a_refused_delete_is_stuck_and_resumes(self):
        server = self.stuck_delete()
        self.assert_states(server, states.ACTIVE, states.DELETING)
        self.refuse()
        self.lab.settle(100)
        self.assertTrue(self.lab.server(server).deleted)
        self.lab.check_nothing_extra()

    def test_another_delete_supersedes_a_stuck_one(self):
        server = self.stuck_delete()
        self.refuse()
        self.lab.begin('delete', server)
        self.lab.settle(5)
        self.assertEqual(['done', 'superseded', 'done'], [order.state for order in self.lab.orders(server)])
        self.assertTrue(self.lab.server(server).deleted)

    def test_a_delete_supersedes_a_stuck_build(self):
        server = self.stuck_build()
        self.refuse(hosts=['host1'])
        self.lab.computes.hosts['host1'].guests[server] = states.RUNNING
        self.lab.begin('delete', server)
        self.lab.settle(5)
        self.assertTrue(self.lab.server(server).deleted)
        self.lab.check_nothing_extra()
        build = self.lab.orders(server)[0]
        self.assertEqual((orders.SUPERSEDED, None), (build.state, build.owner))

    def test_an_abandoned_order_stays_closed(self):
        server = self.stuck_build()
        self.assertTrue(self.write(orders.abandon, self.order(server).id, 'by a test', self.lab.clock.now()))
        self.refuse(hosts=['host1'])
        self.pass_time(600)
        self.assert_states(server, states.ERROR)
        self.assertEqual((orders.ABANDONED, 'by a test'), (self.order(server).state, self.order(server).message))
        self.lab.begin('delete', server)
        self.lab.settle()
        self.lab.check_nothing_extra()

    def test_an_abandoned_order_may_still_be_in_somebodys_hands(self):
        server = self.active()
        self.lab.add_host('host4')
        host = self.host_of(server)
        host.latency = 50.0
        order = self.lab.begin('stop', server)
        self.wait_until(lambda: host.running)
        self.write(orders.abandon, order, 'by a test', self.lab.clock.now())
        self.pass_time(300)
        self.assert_states(server, states.ERROR)
        self.assertEqual(orders.ABANDONED, self.order(server).state)

    def test_an_undo_out_of_time_is_stuck_and_resumes(self):
        away = AwayPlacement(self.lab.placement, errors.Unavailable('placement is away'))
        self.lab.replace_world(placement=_Face(away))
        self.refuse(jobs.StartGuest)
        self.lab.conf.set_override('max_attempts', 1, group='scheduler')
        self.lab.conf.set_override('undo_deadline', 600, group='orders')
        server = self.lab.create()
        self.wait_until(lambda: self.order(server).undoing)
        self.pass_time(self.lab.conf.orders.undo_deadline - 100)
        self.assertEqual(orders.OPEN, self.order(server).state)
        self.wait_stuck(server)
        away.error = None
        self.lab.settle(100)
        self.assert_states(server, states.ERROR)
        self.lab.check_nothing_extra()

    def test_a_refusal_after_the_point_of_no_return_is_stuck(self):
        away = AwayPlacement(self.lab.placement, None)
        self.lab.replace_world(placement=_Face(away))
        server = self.active()
        away.error = errors.Forbidden('no')
        self.lab.begin('delete', server)
        self.wait_stuck(server)
        self.assertEqual('release_allocations', self.steps(server)[-1][1])
        away.error = None
        self.lab.settle(100)
        self.lab.check_nothing_extra()


class _Face:
    def __init__(self, allocations):
        self.allocations = allocations
