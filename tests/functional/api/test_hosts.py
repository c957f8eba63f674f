# SPDX-License-Identifier: Apache-2.0
"""Services, hypervisors, availability zones and aggregates: what administrators see of the hosts."""

from nova_lite import errors
from nova_lite.db import hosts, services
from nova_lite.messages import hosts as messages
from tests.functional.api import base

UUID = '9fc6c3c5-6c69-4c9c-8b9c-6ba1bd2cd7e{}'


class HostTest(base.ApiTest):
    """Two compute hosts, h1 and h2, and a conductor."""

    def setUp(self):
        super().setUp()
        self.cell = self.cells.get()
        now = self.deps.clock.now()
        for number, host in enumerate(('h1', 'h2')):
            self.beat(host, 'nova-compute')
            self.cell.transact(hosts.upsert_facts, messages.HostFacts(
                host, f'node-{host}', UUID.format(number), 'QEMU', 7002000, '10.0.0.1', 8, 16000, 100,
                cpu_info={'arch': 'x86_64'}, memory_mb_used=1000, uptime='up 1 day'), now)
        self.beat('c1', 'nova-conductor')

    def beat(self, host, binary):
        self.cell.transact(services.heartbeat, messages.Heartbeat(host, binary, binary, 'boot'), self.deps.clock.now())

    def services(self, query='', **kwargs):
        return self.api('GET', f'/os-services{query}', status=200, **kwargs).json['services']

    def put(self, body, status=200, service='h1', **kwargs):
        id = next(found['id'] for found in self.services() if found['host'] == service)
        return self.api('PUT', f'/os-services/{id}', body, status=status, **kwargs).json

    def hypervisors(self, query='', version=base.LATEST, status=200, **kwargs):
        result = self.api('GET', f'/os-hypervisors{query}', version=version, status=status, **kwargs)
        return result.json.get('hypervisors', result.json.get('hypervisor'))


class Services(HostTest):
    def test_list(self):
        first, second, third = self.services()
        self.assertEqual(('h1', 'nova-compute', 'nova', 'enabled', 'up', None, False), tuple(
            first[key] for key in ('host', 'binary', 'zone', 'status', 'state', 'disabled_reason', 'forced_down')))
        self.assertEqual(('c1', 'internal'), (third['host'], third['zone']))
        self.assertEqual([second], self.services('?host=h2'))
        self.assertEqual([third], self.services('?binary=nova-conductor'))
        self.assertEqual([1, 2, 3], [service['id'] for service in self.services(version='2.52')])
        self.assertNotIn('forced_down', self.services(version='2.10')[0])
        self.api('GET', '/os-services', user='joe', status=403)

    def test_update(self):
        shown = self.put({'status': 'disabled', 'disabled_reason': 'why'})['service']
        self.assertEqual(('disabled', 'why'), (shown['status'], shown['disabled_reason']))
        shown = self.put({'forced_down': 'true'})['service']
        self.assertEqual(('disabled', 'down', True), tuple(shown[k] for k in ('status', 'state', 'forced_down')))
        shown = self.put({'status': 'enabled', 'forced_down': False})['service']
        self.assertEqual(('enabled', None, 'up'), tuple(shown[k] for k in ('status', 'disabled_reason', 'state')))
        self.put({}, status=400)
        self.put({'status': 'enabled', 'disabled_reason': 'x'}, status=400)
        self.put({'status': 'disabled'}, service='c1', status=400)
        self.put({'status': 'disabled'}, user='joe', status=403)
        self.api('PUT', '/os-services/1', {'status': 'enabled'}, status=400)
        self.api('PUT', f'/os-services/{UUID.format(9)}', {'status': 'enabled'}, status=404)

    def test_update_until_252(self):
        def put(what, status=200, version='2.11', **body):
            return self.api('PUT', f'/os-services/{what}', {'host': 'h1', 'binary': 'nova-compute'} | body,
                            version=version, status=status).json.get('service')

        self.assertEqual({'host': 'h1', 'binary': 'nova-compute', 'status': 'disabled'}, put('disable'))
        self.assertEqual('why', put('disable-log-reason', disabled_reason='why')['disabled_reason'])
        self.assertEqual('why', self.services()[0]['disabled_reason'])
        self.assertEqual('enabled', put('enable')['status'])
        self.assertEqual(True, put('force-down', forced_down='1')['forced_down'])
        put('disable-log-reason', status=400)
        put('force-down', status=400)
        put('force-down', status=400, version='2.10', forced_down=True)
        put('force-down', status=404, version='2.10')
        put('explode', status=404)
        put('enable', status=404, host='h9')
        put('enable', status=400, binary='nova-conductor')

    def test_delete(self):
        id = self.services()[0]['id']
        self.api('POST', '/os-aggregates', {'aggregate': {'name': 'a'}}, status=200)
        self.api('POST', '/os-aggregates/1/action', {'add_host': {'host': 'h1'}}, status=200)
        self.api('DELETE', f'/os-services/{id}', user='joe', status=403)
        self.api('DELETE', f'/os-services/{id}', status=204)
        self.api('DELETE', f'/os-services/{id}', status=404)
        self.assertEqual(['h2', 'c1'], [service['host'] for service in self.services()])
        self.assertEqual(['node-h2'], [found['hypervisor_hostname'] for found in self.hypervisors()])
        self.assertEqual([], self.api('GET', '/os-aggregates/1').json['aggregate']['hosts'])
        self.api('DELETE', '/os-services/x', status=400)
        self.api('DELETE', '/os-services/x', version='2.52', status=400)
        self.api('DELETE', '/os-services/99999999999999999999', version='2.52', status=404)
        self.api('DELETE', '/os-services/2', version='2.52', status=204)


class DownCell(HostTest):
    def test_left_out(self):
        self.cells._cells['broken'] = _Broken()
        self.assertEqual(3, len(self.services()))
        del self.cells._cells['broken']
        self.cells._cells[''] = _Broken()
        self.api('GET', '/os-services', status=503)


class _Broken:
    def read(self):
        raise errors.Unavailable('The database did not answer.')

    def dispose(self):
        pass


class Hypervisors(HostTest):
    def test_views(self):
        brief = {'id', 'hypervisor_hostname', 'state', 'status'}
        detail = brief | {'hypervisor_type', 'hypervisor_version', 'host_ip', 'service'}
        counted = {'vcpus', 'memory_mb', 'local_gb', 'vcpus_used', 'memory_mb_used', 'local_gb_used', 'running_vms',
                   'free_ram_mb', 'free_disk_gb', 'current_workload', 'disk_available_least', 'cpu_info'}
        for version, more in (('2.1', counted), ('2.28', counted), ('2.53', counted), ('2.88', {'uptime'})):
            self.assertEqual(brief, set(self.hypervisors(version=version)[0]))
            shown = self.hypervisors('/detail', version)[0]
            self.assertEqual(detail | more, set(shown), version)
            self.assertEqual(shown, self.hypervisors(f'/{shown["id"]}', version))
        self.assertEqual('{"arch":"x86_64"}', self.hypervisors('/1', '2.27')['cpu_info'])
        self.assertEqual({'arch': 'x86_64'}, self.hypervisors('/1', '2.28')['cpu_info'])
        self.assertEqual(15000, self.hypervisors('/1', '2.28')['free_ram_mb'])
        self.assertEqual('up 1 day', self.hypervisors('/1/uptime', '2.52')['uptime'])
        self.assertEqual(('up 1 day', 'h1'), (lambda found: (found['uptime'], found['service']['host']))(
            self.hypervisors('/' + UUID.format(0))))

    def test_missing(self):
        for path, version, status in (('/9', '2.52', 404), ('/x', '2.52', 404), ('/1', '2.53', 400),
                                      (f'/{UUID.format(9)}', '2.53', 404), ('/statistics', '2.88', 404),
                                      ('/1/uptime', '2.88', 404), ('/n/search', '2.53', 404),
                                      ('/x/search', '2.52', 404), ('/n/servers', '2.53', 404)):
            self.hypervisors(path, version, status)
        self.put({'forced_down': True})
        self.hypervisors('/1/uptime', '2.52', 400)
        self.hypervisors(user='joe', status=403)

    def test_pages(self):
        page = self.api('GET', '/os-hypervisors/detail?limit=1', status=200).json
        self.assertIn(f'/os-hypervisors/detail?limit=1&marker={UUID.format(0)}', page['hypervisors_links'][0]['href'])
        self.assertEqual(['node-h2'], [found['hypervisor_hostname'] for found in
                                       self.hypervisors(f'?limit=1&marker={UUID.format(0)}')])
        self.assertEqual([2], [found['id'] for found in self.hypervisors('?limit=1&marker=1', '2.33')])
        self.assertEqual(2, len(self.hypervisors('?limit=1', '2.32')))
        self.hypervisors('?marker=nope', status=400)
        self.hypervisors('?limit=1&limit=2', status=400)

    def test_search(self):
        self.assertEqual(2, len(self.hypervisors('?hypervisor_hostname_pattern=node')))
        found = self.hypervisors('/detail?hypervisor_hostname_pattern=h2&with_servers=true')
        self.assertEqual([('node-h2', [])], [(one['hypervisor_hostname'], one['servers']) for one in found])
        self.assertNotIn('servers', self.hypervisors('?with_servers=true', '2.74')[0])
        self.hypervisors('?hypervisor_hostname_pattern=_', status=404)
        self.hypervisors('?hypervisor_hostname_pattern=h2&limit=1', status=400)
        self.assertEqual([2], [one['id'] for one in self.hypervisors('/h2/search', '2.52')])
        self.assertEqual([2], [one['id'] for one in self.hypervisors('/h2/servers', '2.52')])

    def test_statistics(self):
        sums = self.api('GET', '/os-hypervisors/statistics', version='2.87', status=200).json['hypervisor_statistics']
        self.assertEqual((2, 16, 32000, 30000), tuple(
            sums[key] for key in ('count', 'vcpus', 'memory_mb', 'free_ram_mb')))


class Zones(HostTest):
    def zones(self, path='', **kwargs):
        found = self.api('GET', f'/os-availability-zone{path}', status=200, **kwargs).json['availabilityZoneInfo']
        return {zone['zoneName']: (zone['zoneState']['available'], zone['hosts']) for zone in found}

    def test_zones(self):
        self.api('POST', '/os-aggregates', {'aggregate': {'name': 'a', 'availability_zone': 'z1'}}, status=200)
        self.api('POST', '/os-aggregates/1/action', {'add_host': {'host': 'h1'}}, status=200)
        self.assertEqual({'nova': (True, None), 'z1': (True, None)}, self.zones(user='joe'))
        self.assertEqual('z1', self.services()[0]['zone'])
        detail = self.zones('/detail')
        self.assertEqual({'nova', 'z1', 'internal'}, set(detail))
        self.assertEqual((True, True), tuple(
            detail['z1'][1]['h1']['nova-compute'][key] for key in ('active', 'available')))
        self.put({'status': 'disabled'})
        self.assertEqual({'nova': (True, None), 'z1': (False, None)}, self.zones())
        self.assertEqual((False, None), self.zones('/detail')['z1'])
        self.api('GET', '/os-availability-zone/detail', user='joe', status=403)


class Aggregates(HostTest):
    def make(self, name='a', status=200, version=base.LATEST, **more):
        return self.api('POST', '/os-aggregates', {'aggregate': {'name': name} | more}, status=status,
                        version=version).json.get('aggregate')

    def act(self, action, status=200, id=1, **body):
        return self.api('POST', f'/os-aggregates/{id}/action', {action: body}, status=status).json.get('aggregate')

    def test_life(self):
        made = self.make(availability_zone='z1')
        self.assertNotIn('hosts', made)
        self.assertNotIn('uuid', self.make('b', version='2.40'))
        shown = self.api('GET', '/os-aggregates/1', status=200).json['aggregate']
        self.assertEqual(made | {'hosts': [], 'metadata': {'availability_zone': 'z1'}}, shown)
        self.assertEqual(shown, self.api('GET', '/os-aggregates', status=200).json['aggregates'][0])
        self.make(status=409)
        shown = self.api('PUT', '/os-aggregates/1', {'aggregate': {'name': 'c'}}, status=200).json['aggregate']
        self.assertEqual('c', shown['name'])
        self.api('PUT', '/os-aggregates/1', {'aggregate': {'name': 'b'}}, status=409)
        changed = self.act('set_metadata', metadata={'k': 'v', 'availability_zone': None})
        self.assertEqual({'k': 'v'}, changed['metadata'])
        self.assertEqual(['h1'], self.act('add_host', host='h1')['hosts'])
        self.api('DELETE', '/os-aggregates/1', status=400)
        self.assertEqual([], self.act('remove_host', host='h1')['hosts'])
        self.assertEqual('', self.api('DELETE', '/os-aggregates/1', status=200).text)
        self.api('GET', '/os-aggregates/1', status=404)

    def test_refused(self):
        self.make(availability_zone='z1')
        self.make('b', availability_zone='z2')
        self.act('add_host', host='h1')
        self.act('add_host', host='h1', status=409)
        self.act('add_host', host='h1', id=2, status=409)
        self.act('add_host', host='h9', status=404)
        self.act('add_host', host='h1', id=9, status=404)
        self.act('remove_host', host='h2', status=404)
        self.act('set_metadata', metadata={'availability_zone': ''}, status=400)
        self.act('set_metadata', metadata={'a': 1}, status=400)
        self.api('PUT', '/os-aggregates/1', {'aggregate': {}}, status=400)
        for wrong in ({'name': ''}, {'availability_zone': 'a:b'}, {'unknown': 1}):
            self.api(
                'POST', '/os-aggregates', {'aggregate': {'name': 'c'} | wrong}, status=400)
        for id, status in (('x', 400), ('-1', 400), ('99999999999999999999', 404)):
            self.api('GET', f'/os-aggregates/{id}', status=status)
        self.api('GET', '/os-aggregates', user='joe', status=403)
        self.act('set_metadata', metadata={'availability_zone': 'z2'})
        self.act('add_host', host='h1', id=2)
        self.act('set_metadata', metadata={'availability_zone': 'z3'}, status=400)
