# SPDX-License-Identifier: Apache-2.0
"""100 servers on three hosts while every daemon is killed in turn: all end ACTIVE, then all end deleted.

MariaDB, RabbitMQ, Keystone and Glance are real, the hypervisors are the fake driver's.
"""

import testtools

from tests.integration import chaos, pretended

COUNT = 100
# (process, seconds it stays away)
VICTIMS = [('nova-conductor-1', 3), ('nova-scheduler-1', 3), ('nova-api', 3), ('placement-api', 3),
           ('nova-compute-1', 5), ('rabbitmq', 40), ('nova-conductor-2', 3), ('nova-compute-2', 5)]
SETTLE_SECONDS = 120


class ChaosTest(testtools.TestCase):
    def test_every_daemon_killed_in_turn(self):
        crowd = chaos.Crowd(pretended.cloud(), 'crowd', COUNT)
        before = set(crowd.consumers())
        crowd.watch()
        killer = chaos.Killer(crowd, VICTIMS, COUNT // (len(VICTIMS) + 2))
        killer.start()
        crowd.create(crowd.flavor('m1.tiny'), crowd.image())
        killer.wait()
        servers = crowd.wait(
            lambda all_: len(all_) == COUNT and all(one['status'] == 'ACTIVE' for one in all_.values()),
            SETTLE_SECONDS)
        statuses = {status for status, _ in crowd.unwatch()}
        self.assertLessEqual(statuses, {'BUILD', 'ACTIVE'})
        held = crowd.consumers()
        self.assertEqual(set(servers), set(held) - before)
        self.assertEqual({1}, {held[server] for server in servers})
        self.assertEqual({uuid: one['OS-EXT-SRV-ATTR:host'] for uuid, one in servers.items()}, crowd.guests(servers))

        crowd.watch()
        killer = chaos.Killer(crowd, VICTIMS, COUNT // (len(VICTIMS) + 2))
        killer.start()
        crowd.delete(servers)
        killer.wait()
        crowd.wait(lambda all_: not all_, SETTLE_SECONDS)
        self.assertNotIn('ERROR', {status for status, _ in crowd.unwatch()})
        self.assertEqual(before, set(crowd.consumers()))
        self.assertEqual({}, crowd.guests(servers))
