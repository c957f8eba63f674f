# SPDX-License-Identifier: Apache-2.0
"""The repair loops, each on a world that is wrong in one way, and on one that only looks wrong."""

import uuid

from nova_lite import errors, states
from nova_lite.conductor.reconcilers import allocations, locations, orphan_guests, quota_usages
from nova_lite.db import guests, hosts, quotas, servers
from nova_lite.db import locations as location_rows
from nova_lite.messages.hosts import GuestsReport, GuestState, HostFacts
from tests.functional.lab import LIMITS
from tests.functional.workflows.case import LabCase


class PowerStates(LabCase):
    def setUp(self):
        super().setUp()
        self.server = self.active()
        self.host = self.host_of(self.server)
        self.sequence = 0

    def report(self, power_state, server=None, sequence=None):
        """The host says this of the guest, whatever it would say if it were asked again."""
        self.sequence = self.sequence + 1 if sequence is None else sequence
        said = [] if power_state is None else [GuestState(server or self.server, 'name', power_state)]
        self.lab.conductor.endpoint.guests_report(
            None, GuestsReport(self.host.name, 'boot', self.sequence, said, whole=power_state is None))

    def known(self):
        return self.read(guests.get, self.server).power_state

    def test_a_guest_that_halts_stops_its_server(self):
        self.host.guests[self.server] = states.SHUTDOWN
        self.report(states.SHUTDOWN)
        self.assert_states(self.server, states.STOPPED)
        self.assertEqual(states.SHUTDOWN, self.known())

    def test_a_stale_report_stops_nothing(self):
        self.report(states.SHUTDOWN)
        self.assert_states(self.server, states.ACTIVE)

    def test_a_late_report_shows_no_power_state_of_long_ago(self):
        self.lab.begin('stop', self.server)
        self.lab.settle()
        self.report(states.RUNNING)
        self.assertEqual(states.SHUTDOWN, self.known())
        self.assert_states(self.server, states.STOPPED)

    def test_nothing_follows_while_the_host_does_not_answer(self):
        self.host.guests[self.server] = states.SHUTDOWN
        self.host.alive = False
        self.report(states.SHUTDOWN)
        self.assert_states(self.server, states.ACTIVE)

    def test_a_server_under_way_is_left_alone(self):
        self.host.latency = 10.0
        self.host.guests[self.server] = states.SHUTDOWN
        self.lab.begin('reboot', self.server)
        self.pass_time(1)
        self.report(states.SHUTDOWN)
        self.assert_states(self.server, states.ACTIVE, states.REBOOT_STARTED)
        self.lab.settle()
        self.assert_states(self.server, states.ACTIVE)

    def test_an_operation_that_begins_meanwhile_wins(self):
        self.host.guests[self.server] = states.SHUTDOWN
        asked = self.lab.computes.guests

        def guests_of(host):
            self.lab.begin('reboot_hard', self.server, cast=False)
            return asked(host)

        self.lab.computes.guests = guests_of
        self.report(states.SHUTDOWN)
        self.assert_states(self.server, states.ACTIVE, states.REBOOTING_HARD)

    def test_a_stopped_server_whose_guest_runs_is_stopped_again(self):
        self.lab.begin('stop', self.server)
        self.lab.settle()
        for _ in range(2):
            self.host.guests[self.server] = states.RUNNING
            self.report(states.RUNNING)
            self.assertEqual(states.SHUTDOWN, self.host.guests[self.server])
            self.assert_states(self.server, states.STOPPED)

    def test_a_guest_that_is_gone_stops_its_server(self):
        self.host.guests.clear()
        self.report(None)
        self.assert_states(self.server, states.STOPPED)

    def test_an_older_report_overwrites_no_newer_one(self):
        self.host.guests[self.server] = states.POWER_PAUSED
        self.report(states.POWER_PAUSED, sequence=7)
        self.report(states.RUNNING, sequence=6)
        self.assertEqual(states.POWER_PAUSED, self.known())
        self.report(states.RUNNING, sequence=8)
        self.assertEqual(states.RUNNING, self.known())

    def test_reports_of_strangers_change_nothing(self):
        self.report(states.SHUTDOWN, server=str(uuid.uuid4()))
        self.assert_states(self.server, states.ACTIVE)


class OrphanGuests(LabCase):
    def setUp(self):
        super().setUp()
        self.server = self.active()
        self.host = self.host_of(self.server)
        self.other = next(host for host in self.lab.computes.hosts.values() if host is not self.host)

    def mend(self, host):
        orphan_guests.mend(self.lab.world, self.lab.database, self.lab.computes.guests(host.name))

    def test_a_guest_in_its_place_stays(self):
        self.mend(self.host)
        self.assertIn(self.server, self.host.guests)

    def test_a_guest_that_belongs_elsewhere_goes(self):
        self.other.guests[self.server] = states.RUNNING
        self.mend(self.other)
        self.lab.check_nothing_extra()

    def test_the_guest_of_a_deleted_server_goes_each_time_it_appears(self):
        self.lab.begin('delete', self.server)
        self.lab.settle()
        for _ in range(2):
            self.host.guests[self.server] = states.RUNNING
            self.mend(self.host)
            self.assertEqual({}, self.host.guests)

    def test_a_stranger_stays(self):
        self.other.guests['a stranger'] = states.RUNNING
        self.mend(self.other)
        self.assertIn('a stranger', self.other.guests)

    def test_while_an_order_is_open_nothing_is_removed(self):
        self.other.guests[self.server] = states.RUNNING
        self.lab.begin('stop', self.server, cast=False)
        self.mend(self.other)
        self.assertIn(self.server, self.other.guests)

    def test_a_host_that_does_not_answer_is_tried_with_its_next_report(self):
        self.other.guests[self.server] = states.RUNNING
        report = self.lab.computes.guests(self.other.name)
        self.other.alive = False
        orphan_guests.mend(self.lab.world, self.lab.database, report)
        self.other.alive = True
        self.mend(self.other)
        self.lab.check_nothing_extra()

    def test_a_report_without_all_guests_removes_nothing(self):
        self.other.guests[self.server] = states.RUNNING
        self.lab.conductor.endpoint.guests_report(None, GuestsReport(
            self.other.name, 'boot', 1, [GuestState(self.server, 'name', states.RUNNING)], whole=False))
        self.assertIn(self.server, self.other.guests)


class Allocations(LabCase):
    def setUp(self):
        super().setUp()
        for name in self.lab.computes.hosts:
            self.write(hosts.upsert_facts, HostFacts(name, name, f'uuid-of-{name}', 'fake', 1, '127.0.0.1', 1, 1, 1),
                       self.lab.clock.now())

    def mend(self):
        allocations.mend(self.lab.world)

    def test_what_is_right_stays(self):
        self.active()
        self.mend()
        self.lab.check_nothing_extra()

    def test_what_a_deleted_server_holds_is_given_back(self):
        server = self.active()
        host = self.lab.server(server).host
        self.lab.begin('delete', server)
        self.lab.settle()
        self.lab.placement.held[server] = host
        self.mend()
        self.assertEqual({}, self.lab.placement.held)

    def test_what_a_late_delete_took_is_taken_again(self):
        server = self.active()
        self.lab.placement.held.clear()
        self.mend()
        self.lab.check_nothing_extra()
        self.lab.placement.held.clear()
        self.lab.begin('stop', server, cast=False)
        self.mend()
        self.assertEqual({}, self.lab.placement.held, 'an order is open')

    def test_what_a_failed_server_holds_is_given_back(self):
        for host in self.lab.computes.hosts.values():
            host.alive = False
        server = self.lab.create()
        self.lab.settle()
        self.lab.placement.held[server] = 'host2'
        self.mend()
        self.assertEqual({}, self.lab.placement.held)

    def test_a_node_that_placement_does_not_know_hides_no_other(self):
        server = self.active()
        host = self.lab.server(server).host
        self.lab.begin('delete', server)
        self.lab.settle()
        self.lab.placement.held[server] = host
        self.lab.placement.unknown = {f'uuid-of-{name}' for name in self.lab.computes.hosts if name != host}
        self.mend()
        self.assertEqual({}, self.lab.placement.held)

    def test_while_an_order_is_open_nothing_is_given_back(self):
        server = self.lab.create()
        self.lab.placement.held[server] = 'host2'
        self.mend()
        self.assertEqual({server: 'host2'}, self.lab.placement.held)

    def test_what_strangers_hold_stays(self):
        self.lab.placement.held['a stranger'] = 'host1'
        self.mend()
        self.assertEqual({'a stranger': 'host1'}, self.lab.placement.held)


class QuotaUsages(LabCase):
    def used(self):
        return self.lab.usages()

    def test_what_is_right_stays(self):
        self.active()
        before = self.used()
        quota_usages.mend(self.lab.world)
        self.assertEqual(before, self.used())

    def test_what_is_wrong_is_corrected(self):
        self.active()
        right = self.used()
        for wrong in (0, 7):
            self.write(quotas.set_usage, 'project', 'instances', 1, wrong)
            quota_usages.mend(self.lab.world)
            self.assertEqual(right, self.used())

    def test_a_create_in_between_is_not_lost(self):
        self.active()
        self.assertFalse(self.write(quotas.set_usage, 'project', 'instances', 5, 0))
        self.assertEqual(1, self.used()['instances'])


class Locations(LabCase):
    """nova-api died between its two transactions."""

    def reserve(self):
        server = str(uuid.uuid4())
        self.write(lambda tx: (
            quotas.take(tx, 'project', location_rows.counted(2, 128), LIMITS),
            location_rows.insert(tx, server_uuid=server, cell='', project_id='project', user_id='user', cores=2,
                                 ram=128, now=self.lab.clock.now())))
        return server

    def mend(self):
        locations.mend(self.lab.world)

    def test_without_a_server_the_quota_is_given_back_once(self):
        server = self.reserve()
        self.mend()
        self.assertEqual({'instances': 1, 'cores': 2, 'ram': 128}, self.used())
        self.lab.clock.advance(301)
        for _ in range(2):
            self.mend()
            self.assertEqual({'instances': 0, 'cores': 0, 'ram': 0}, self.used())
        self.assertIsNone(self.read(location_rows.get, server))

    def test_with_a_server_it_is_confirmed(self):
        server = self.lab.create()
        self.lab.settle()
        self.lab.clock.advance(301)
        self.mend()
        self.assertEqual(location_rows.READY, self.read(location_rows.get, server).state)
        self.assertEqual(1, self.used()['instances'])

    def test_a_cell_that_is_away_is_asked_later(self):
        server = self.reserve()
        self.lab.clock.advance(301)
        real = self.lab.world.cells.get

        def away(name=''):
            raise errors.Unavailable('The database did not answer.')

        self.lab.world.cells.get = away
        self.mend()
        self.assertIsNotNone(self.read(location_rows.get, server))
        self.lab.world.cells.get = real
        self.mend()
        self.assertIsNone(self.read(location_rows.get, server))

    def test_a_server_that_is_being_built_keeps_what_it_has(self):
        server = self.lab.create()
        self.write(servers.update, server, vm_state=states.BUILDING)
        self.lab.clock.advance(301)
        self.mend()
        self.assertIsNotNone(self.read(location_rows.get, server))

    def used(self):
        return self.lab.usages()
