# SPDX-License-Identifier: Apache-2.0
"""`make run` as a stranger uses it: with real parts, with pretended guests on many hosts, and without root."""

import os

import testtools

from devstack import ports, process
from tests.integration import parts

DAEMONS = {'placement-api', 'nova-api', 'nova-conductor', 'nova-scheduler', 'nova-compute'}


class MakeRunTest(testtools.TestCase):

    def cloud(self, **variables):
        cloud = parts.Cloud(**variables)
        self.addCleanup(cloud.remove)
        return cloud

    def full_cloud(self, **variables):
        if os.getuid() != 0:
            parts.missing('only root may run the full cloud')
        return self.cloud(MODE='full', **variables)

    def status(self, cloud, name='demo'):
        return cloud.openstack('server', 'show', name, '-f', 'value', '-c', 'status').strip()

    def services_up(self, cloud):
        listed = cloud.openstack('compute', 'service', 'list', '-f', 'json')
        return sorted((one['Binary'], one['Host']) for one in listed if one['State'] == 'up')


@parts.deep
class RealGuestTest(MakeRunTest):

    def test_from_nothing_to_a_guest_and_back(self):
        cloud = self.full_cloud(DRIVER='libvirt')
        printed = cloud.run()
        self.assertIn('GUEST: ready hostname=demo', printed)
        self.assertIn('Linux version', cloud.openstack('console', 'log', 'show', 'demo'))
        self.assertEqual('ACTIVE', self.status(cloud))
        self.assertTrue(DAEMONS <= set(cloud.names()))

        # Once more: everything is found, nothing is started twice.
        before = {name: process.running(cloud.layout, name) for name in cloud.names()}
        cloud.run()
        self.assertEqual(before, {name: process.running(cloud.layout, name) for name in cloud.names()})
        self.assertEqual(1, len(cloud.openstack('server', 'list', '-f', 'json')))

        # Stopped and started: the server is there, and boots again.
        cloud.stop()
        self.assertEqual([], cloud.names())
        self.assertTrue(all(ports.is_free(int(port)) for name, port in cloud.variables.items() if '_PORT' in name))
        cloud.run()
        self.assertEqual('ACTIVE', self.status(cloud))
        self.assertIn('boots=2', cloud.openstack('console', 'log', 'show', 'demo'))


@parts.deep
class PretendedGuestsTest(MakeRunTest):

    def test_several_of_each_daemon(self):
        cloud = self.full_cloud(DRIVER='fake', COMPUTES='3', CONDUCTORS='2', SCHEDULERS='2')
        cloud.run()
        self.assertEqual(sorted(
            [('nova-compute', f'compute-{n}') for n in (1, 2, 3)] +
            [('nova-conductor', f'conductor-{n}') for n in (1, 2)] +
            [('nova-scheduler', f'scheduler-{n}') for n in (1, 2)]), self.services_up(cloud))
        cloud.kill('nova-conductor-1')
        cloud.openstack('server', 'create', 'many', '--image', 'guest', '--flavor', 'm1.tiny', '--nic', 'none',
                        '--min', '6', '--max', '6', '--wait')
        listed = cloud.openstack('server', 'list', '--long', '-f', 'json')
        self.assertEqual({'ACTIVE'}, {one['Status'] for one in listed})
        self.assertEqual({'compute-1', 'compute-2', 'compute-3'}, {one['Host'] for one in listed})
        cloud.start_again('nova-conductor-1')
        self.assertIsNotNone(process.running(cloud.layout, 'nova-conductor-1'))

    def test_another_driver_needs_another_folder(self):
        cloud = self.full_cloud(DRIVER='fake')
        cloud.run()
        cloud.variables['DRIVER'] = 'libvirt'
        error = self.assertRaises(AssertionError, cloud.run)
        self.assertIn('DRIVER=fake', str(error))


@parts.deep
class EmbeddedTest(MakeRunTest):

    def test_without_root(self):
        cloud = self.cloud(as_nobody=os.getuid() == 0)
        printed = cloud.run()
        self.assertIn('embedded', printed)
        self.assertIn('all daemons share one process', printed)
        self.assertEqual('ACTIVE', self.status(cloud))
        self.assertNotIn('rabbitmq', cloud.names())
        cloud.stop()
        cloud.run()
        self.assertEqual('ACTIVE', self.status(cloud))
