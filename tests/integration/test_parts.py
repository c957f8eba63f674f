# SPDX-License-Identifier: Apache-2.0
"""Each part comes up, answers, survives a kill and goes away whole; tests of everything else stand on this."""

import subprocess

import sqlalchemy
import testtools

from devstack import accelerator, guest_image, ports, process, rest
from tests.integration import parts


class PartsTest(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.parts = parts.Parts()
        self.addCleanup(self.parts.stop)

    def test_rabbitmq(self):
        broker = self.parts.rabbitmq()
        self.assertIn('nova', broker.control('list_users'))
        self.assertTrue(process.kill(self.parts.layout, broker.name))
        # The whole session is killed, but only its leader's end is waited for.
        process.wait_for(lambda: not ports.answers(broker.port), 'the end of the broker', 10, self.parts.layout)
        broker.start()
        self.assertIn('nova', broker.control('list_users'))
        broker.stop()
        self.assertFalse(ports.answers(broker.port))
        self.assertFalse(ports.answers(broker.epmd_port))

    def test_mariadb(self):
        server = self.parts.mariadb('one', 'two')
        self._keeps_rows(server)
        process.kill(self.parts.layout, server.name)
        server.start()
        self._has_rows(server)

    def test_postgresql(self):
        server = self.parts.postgresql('one', 'two')
        self._keeps_rows(server)
        process.kill(self.parts.layout, server.name)
        server.start()
        self._has_rows(server)

    def test_keystone_and_glance(self):
        keystone = self.parts.keystone()
        glance = self.parts.glance(keystone)
        user = rest.Session(keystone.auth_url, 'demo', self.parts.layout.secret('demo'), 'demo')
        self.assertEqual([], user.call('GET', f'{glance.url}/v2/images')['images'])
        made = user.call('POST', f'{glance.url}/v2/images', {
            'name': 'x', 'disk_format': 'raw', 'container_format': 'bare'})
        self.assertEqual('queued', made['status'])
        # A second filling finds everything.
        keystone.fill({'image': ('glance', glance.url)}, ('nova',), ('demo',))

    def test_libvirt_and_the_guest(self):
        built = parts.guest()
        private = self.parts.libvirt()
        kind = accelerator.virt_type(self.parts.layout, built)
        console = self.parts.layout.path / 'console.log'
        disk = self.parts.layout.path / 'disk.qcow2'
        subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', built.disk, disk], check=True)
        domain = self.parts.layout.path / 'guest.xml'
        domain.write_text(DOMAIN.format(kind=kind, disk=disk, console=console))
        virsh = ['virsh', '-q', '-c', private.uri]
        subprocess.run([*virsh, 'create', domain], check=True, stdout=subprocess.DEVNULL)
        process.wait_for(lambda: console.exists() and guest_image.READY in console.read_text(errors='replace'),
                         'the ready line of the guest', 120, self.parts.layout)
        private.stop()
        self.assertIn('GUEST: going down', console.read_text())
        self.assertIsNone(process.running(self.parts.layout, 'libvirtd'))

    def _keeps_rows(self, server):
        with self._engine(server).begin() as connection:
            connection.execute(sqlalchemy.text('CREATE TABLE kept (word VARCHAR(20))'))
            connection.execute(sqlalchemy.text("INSERT INTO kept VALUES ('écrit')"))
        self._has_rows(server)

    def _has_rows(self, server):
        with self._engine(server).connect() as connection:
            self.assertEqual('écrit', connection.execute(sqlalchemy.text('SELECT word FROM kept')).scalar())

    def _engine(self, server):
        engine = sqlalchemy.create_engine(server.url('one'), poolclass=sqlalchemy.NullPool)
        self.addCleanup(engine.dispose)
        return engine


DOMAIN = """
<domain type='{kind}'><name>small</name><memory unit='MiB'>128</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='pc'>hvm</type></os><features><acpi/></features>
<devices><disk type='file'><driver name='qemu' type='qcow2'/><source file='{disk}'/>
<target dev='vda' bus='virtio'/></disk>
<serial type='file'><source path='{console}'/></serial></devices></domain>
"""
