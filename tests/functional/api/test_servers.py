# SPDX-License-Identifier: Apache-2.0
"""Servers: show, update, delete."""

from nova_lite.db import server_groups, servers, services
from nova_lite.operations import begin
from tests.functional.api.server_base import EDGES, IMAGE, ServersTest

_WHOLE = {
    'OS-DCF:diskConfig', 'OS-EXT-AZ:availability_zone', 'OS-EXT-STS:power_state', 'OS-EXT-STS:task_state',
    'OS-EXT-STS:vm_state', 'OS-SRV-USG:launched_at', 'OS-SRV-USG:terminated_at', 'accessIPv4', 'accessIPv6',
    'addresses', 'config_drive', 'created', 'flavor', 'hostId', 'id', 'image', 'key_name', 'links', 'metadata', 'name',
    'os-extended-volumes:volumes_attached', 'progress', 'status', 'tenant_id', 'updated', 'user_id'}
_SINCE = {9: {'locked'}, 19: {'description'}, 26: {'tags'}, 63: {'trusted_image_certificates'},
          71: {'server_groups'}, 73: {'locked_reason'}, 90: {'OS-EXT-SRV-ATTR:hostname'},
          96: {'pinned_availability_zone'}, 100: {'scheduler_hints'}}
_ADMIN = {1: {'OS-EXT-SRV-ATTR:host', 'OS-EXT-SRV-ATTR:instance_name', 'OS-EXT-SRV-ATTR:hypervisor_hostname'},
          3: {f'OS-EXT-SRV-ATTR:{name}' for name in ('hostname', 'kernel_id', 'launch_index', 'ramdisk_id',
                                                     'reservation_id', 'root_device_name', 'user_data')},
          16: {'host_status'}}


def _fields(minor, admin):
    found = set(_WHOLE)
    for table in (_SINCE, _ADMIN) if admin else (_SINCE,):
        for since, names in table.items():
            if minor >= since:
                found |= names
    return found


class ServerShowTest(ServersTest):
    def test_fields_of_every_version(self):
        uuid = self.booted()
        for minor in EDGES:
            for user, admin in (('user', False), ('admin', True)):
                found = self.api('GET', f'/servers/{uuid}', version=f'2.{minor}', user=user, project='p1', status=200)
                self.assertEqual(_fields(minor, admin), set(found.json['server']), f'2.{minor} {user}')

    def test_values(self):
        uuid = self.booted(user_data='aGVsbG8=', availability_zone='nova', description='what',
                           hints={'same_host': [IMAGE]}, accessIPv6='fe80::1')
        server = self.api('GET', f'/servers/{uuid}', project='p1', status=200).json['server']
        self.assertEqual('ACTIVE', server['status'])
        self.assertEqual({'vcpus': 1, 'ram': 64, 'disk': 1, 'ephemeral': 0, 'swap': 0, 'original_name': 'm1.tiny',
                          'extra_specs': {}}, server['flavor'])
        self.assertEqual({'hw_disk_bus': 'virtio'}, server['image']['properties'])
        wanted = {'OS-EXT-AZ:availability_zone': 'nova', 'pinned_availability_zone': 'nova', 'host_status': 'UP',
                  'OS-EXT-SRV-ATTR:host': 'host1', 'OS-EXT-SRV-ATTR:user_data': 'aGVsbG8=',
                  'scheduler_hints': {'same_host': [IMAGE]}, 'OS-EXT-STS:power_state': 1, 'description': 'what',
                  'accessIPv6': 'fe80::1'}
        self.assertEqual(wanted, {name: server[name] for name in wanted})
        self.assertEqual(f'instance-{self.row(uuid).id:08x}', server['OS-EXT-SRV-ATTR:instance_name'])
        self.assertRegex(server['created'], r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$')
        self.assertRegex(server['OS-SRV-USG:launched_at'], r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$')
        old = self.api('GET', f'/servers/{uuid}', version='2.1', project='p1', status=200).json['server']
        self.assertEqual('1', old['flavor']['id'])

    def test_fault(self):
        uuid = self.boot()
        self.settle(uuid, vm_state='error', host=None)
        self.cells.get().transact(servers.set_fault, uuid, code=500, message='No valid host was found.',
                                  details='who and where', host=None, now=self.now)
        seen = self.api('GET', f'/servers/{uuid}', user='user', project='p1', status=200).json['server']
        self.assertEqual({'code', 'created', 'message'}, set(seen['fault']))
        self.assertEqual(('ERROR', ''), (seen['status'], seen['hostId']))
        seen = self.api('GET', f'/servers/{uuid}', status=200).json['server']
        self.assertEqual('who and where', seen['fault']['details'])

    def test_group(self):
        group = self.cells.api.transact(
            server_groups.create, name='g', project_id='p1', user_id='user', policy='affinity', now=self.now)
        uuid = self.boot(hints={'group': group.uuid})
        self.assertEqual(group.uuid, self.orders_of(uuid)[0].input['group_uuid'])
        seen = self.api('GET', f'/servers/{uuid}', user='user', project='p1', status=200).json['server']
        self.assertEqual([group.uuid], seen['server_groups'])
        body = self.body() | {'os:scheduler_hints': {'group': group.uuid}}
        self.api('POST', '/servers', body, user='user', project='p2', status=400)
        body['server'] |= {'max_count': 99, 'min_count': 10}
        self.api('POST', '/servers', body, user='user', project='p1', status=403)

    def test_host_status(self):
        uuid = self.booted()
        with self.cells.get().read() as tx:
            [service] = services.list(tx, down_after=60, host='host1')
        for change, value, wanted in ((services.set_disabled, (True, 'x'), 'MAINTENANCE'),
                                      (services.set_forced_down, (True,), 'DOWN')):
            self.cells.get().transact(change, service.uuid, *value, self.now)
            seen = self.api('GET', f'/servers/{uuid}', status=200).json['server']
            self.assertEqual(wanted, seen['host_status'])

    def test_not_yours(self):
        uuid = self.booted()
        self.api('GET', f'/servers/{uuid}', user='user', project='p2', status=404)
        self.api('GET', f'/servers/{IMAGE}', status=404)
        self.api('GET', '/servers/what', status=404)


class ServerUpdateTest(ServersTest):
    def put(self, uuid, version='2.104', status=200, user='user', **fields):
        return self.api('PUT', f'/servers/{uuid}', {'server': fields}, version=version, user=user, project='p1',
                        status=status)

    def test_fields(self):
        uuid = self.booted()
        server = self.put(uuid, name='new', description=None, hostname='host.example', accessIPv4='10.1.1.1',
                          **{'OS-DCF:diskConfig': 'AUTO'}).json['server']
        self.assertEqual(('new', None, 'host.example', '10.1.1.1', 'AUTO'), tuple(server[name] for name in (
            'name', 'description', 'OS-EXT-SRV-ATTR:hostname', 'accessIPv4', 'OS-DCF:diskConfig')))
        self.put(uuid, nothing='here', status=400)
        self.put(uuid, hostname='host.example', version='2.89', status=400)

    def test_view_of_every_version(self):
        uuid = self.booted()
        short = {'addresses', 'accessIPv4', 'accessIPv6', 'created', 'flavor', 'hostId', 'id', 'image', 'links',
                 'metadata', 'name', 'progress', 'status', 'tenant_id', 'updated', 'user_id', 'OS-DCF:diskConfig'}
        for minor in EDGES:
            seen = set(self.put(uuid, f'2.{minor}', name='x').json['server'])
            wanted = _fields(minor, False)
            if minor < 75:
                wanted -= _WHOLE - short
            self.assertEqual(wanted, seen, minor)

    def test_pin(self):
        uuid = self.booted()
        self.put(uuid, pinned_availability_zone='mars', status=409)
        self.put(uuid, pinned_availability_zone='nova')
        self.put(uuid, pinned_availability_zone='mars', status=409)
        self.assertEqual('nova', self.row(uuid).availability_zone)
        self.put(uuid, pinned_availability_zone=None)
        self.assertIsNone(self.row(uuid).availability_zone)
        self.put(uuid, pinned_availability_zone=None, version='2.103', status=400)


class ServerDeleteTest(ServersTest):
    def test_supersedes_a_build(self):
        uuid = self.boot()
        self.api('DELETE', f'/servers/{uuid}', user='user', project='p1', status=204)
        build, delete = self.orders_of(uuid)
        self.assertEqual(('superseded', 'open', 2), (build.state, delete.state, delete.fence))
        self.assertIsNone(build.secrets)
        self.assertEqual('deleting', self.row(uuid).task_state)
        self.assertEqual(('', delete.id), self.conductor.orders[-1])

    def test_refused(self):
        uuid = self.booted()
        self.api('DELETE', f'/servers/{uuid}', user='user', project='p2', status=404)
        self.api('DELETE', f'/servers/{IMAGE}', status=404)
        self.api('POST', f'/servers/{uuid}/action', {'lock': None}, user='user', project='p1', status=202)
        answer = self.api('DELETE', f'/servers/{uuid}', user='user', project='p1', status=409)
        self.assertEqual(f'Instance {uuid} is locked', self.fault(answer)[1])
        self.api('DELETE', f'/servers/{uuid}', status=204)

    def test_gone(self):
        uuid = self.booted()
        self.settle(uuid, vm_state='deleted', host=None, deleted=True)
        self.api('GET', f'/servers/{uuid}', status=404)
        self.api('DELETE', f'/servers/{uuid}', status=404)
        self.assertRaises(begin.ServerNotFound, self.cells.get().transact, begin.begin, 'delete', uuid,
                          context=None, now=self.now)


class LegacyRootTest(ServersTest):
    """The root /v2: no versions, and bodies taken less strictly."""

    def test_life(self):
        body = {'server': {'name': ' spaced ', 'imageRef': IMAGE, 'flavorRef': '1', 'what': 'ever', 'user_data': None}}
        asked = {'root': '/v2', 'version': None, 'user': 'user', 'project': 'p1'}
        made = self.api('POST', '/servers', body, status=202, **asked)
        uuid = made.json['server']['id']
        self.settle(uuid)
        self.assertNotIn('OpenStack-API-Version', made.headers)
        self.assertIn(f'/v2/servers/{uuid}', made.headers['Location'])
        seen = self.api('GET', f'/servers/{uuid}', status=200, **asked).json['server']
        self.assertEqual(('spaced', _fields(1, False)), (seen['name'], set(seen)))
        self.api('PUT', f'/servers/{uuid}', {'server': {'name': ' x ', 'what': 1}}, status=200, **asked)
        self.assertEqual('x', self.row(uuid).display_name)
        for path in ('/servers', '/servers/detail?name=x&what=ever', f'/servers/{uuid}/metadata',
                     f'/servers/{uuid}/ips', f'/servers/{uuid}/os-instance-actions'):
            self.api('GET', path, status=200, **asked)
        for body in ({'os-stop': None}, {'lock': None}):
            self.api('POST', f'/servers/{uuid}/action', body, status=202, **asked)
        self.api('POST', f'/servers/{uuid}/action', {'unlock': None}, status=202, **asked)
        self.api('DELETE', f'/servers/{uuid}', status=204, **asked)
