# SPDX-License-Identifier: Apache-2.0
"""A server through the REST API, with every daemon of the cloud: two conductors and schedulers, three computes."""

import testtools

from tests.functional.cluster import Cluster


class CloudTest(testtools.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cloud = Cluster(computes=3, conductors=2, schedulers=2).start()
        cls.addClassCleanup(cls.cloud.stop)

    def act(self, server, action):
        self.cloud.api('POST', f'/servers/{server}/action', action, status=202)

    def test_life_of_a_server(self):
        server = self.cloud.create(name='first')
        shown = self.cloud.wait_status(server, 'ACTIVE')
        self.assertEqual((1, 'first'), (shown['OS-EXT-STS:power_state'], shown['name']))
        self.assertEqual('/dev/vda', shown['OS-EXT-SRV-ATTR:root_device_name'])
        self.act(server, {'os-stop': None})
        self.assertEqual(4, self.cloud.wait_status(server, 'SHUTOFF')['OS-EXT-STS:power_state'])
        self.act(server, {'os-start': None})
        self.cloud.wait_status(server, 'ACTIVE')
        for kind in ('SOFT', 'HARD'):
            self.act(server, {'reboot': {'type': kind}})
            self.cloud.wait_status(server, 'ACTIVE')
        actions = self.cloud.api('GET', f'/servers/{server}/os-instance-actions', status=200).json()
        self.assertEqual(['reboot', 'reboot', 'start', 'stop', 'create'],
                         [one['action'] for one in actions['instanceActions']])
        self.cloud.api('DELETE', f'/servers/{server}', status=204)
        self.cloud.wait_gone(server)

    def test_many_at_once_spread_over_the_hosts(self):
        flavor, image = self.cloud.flavor(), self.cloud.glance.add('image', b'\0' * 1024)
        self.cloud.create(flavorRef=flavor, imageRef=image, min_count=9, name='many')

        def all_active():
            found = self.cloud.api('GET', '/servers/detail?name=many', status=200).json()['servers']
            self.assertNotIn('ERROR', [one['status'] for one in found])
            return len(found) == 9 and {one['status'] for one in found} == {'ACTIVE'} and found

        found = self.cloud.wait(all_active, 'nine servers are active')
        self.assertEqual(3, len({one['OS-EXT-SRV-ATTR:host'] for one in found}))
        for one in found:
            self.cloud.api('DELETE', f'/servers/{one["id"]}', status=204)
        for one in found:
            self.cloud.wait_gone(one['id'])

    def test_no_valid_host_says_so_and_leaves_nothing(self):
        flavor = self.cloud.flavor(ram=900_000_000)
        server = self.cloud.create(flavorRef=flavor)
        shown = self.cloud.wait(
            lambda: (found := self.cloud.server(server))['status'] == 'ERROR' and found, 'the server is in ERROR')
        self.assertIn('No valid host was found.', shown['fault']['message'])
        self.assertEqual((500, None), (shown['fault']['code'], shown['OS-EXT-SRV-ATTR:host']))
        self.cloud.api('DELETE', f'/servers/{server}', status=204)
        self.cloud.wait_gone(server)

    def test_daemons_stop_and_start_in_the_middle(self):
        flavor, image = self.cloud.flavor(), self.cloud.glance.add('image', b'\0' * 1024)
        servers = [self.cloud.create(flavorRef=flavor, imageRef=image, name=f'middle-{number}') for number in range(6)]
        for kind, host in (('conductor', 'conductor1'), ('scheduler', 'scheduler1'), ('conductor', 'conductor2')):
            self.cloud.stop_daemon(host)
            servers.append(self.cloud.create(flavorRef=flavor, imageRef=image, name=f'without-{host}'))
            self.cloud.start_daemon(kind, host)
        for server in servers:
            self.cloud.wait_status(server, 'ACTIVE')
