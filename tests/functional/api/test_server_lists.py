# SPDX-License-Identifier: Apache-2.0
"""GET /servers and /servers/detail: who sees what, filters, sort keys, pages, several cells, cells that are down."""

import datetime
import os
import tempfile

import sqlalchemy as sa

from nova_lite.api.schemas.servers import IGNORED_SORT_KEYS, SORT_KEYS
from nova_lite.db import aggregates, cells, locations, migrate, server_lists, servers
from nova_lite.db.engine import Database, DatabaseUnavailable
from tests.functional.api.server_base import IMAGE, ServersTest


class ServerListsTest(ServersTest):
    def listed(self, query='', path='/servers', status=200, **kwargs):
        """Names, in order, of the servers that a list has."""
        answer = self.api('GET', path + query, status=status, **{'user': 'user', 'project': 'p1', **kwargs})
        return [server['name'] for server in answer.json['servers']] if status == 200 else self.fault(answer)

    def make(self, name, seconds=0, vm_state='active', **values):
        tags = values.pop('tags', [])
        project = values.pop('project', 'p1')
        body = {field: values.pop(field) for field in ('key_name', 'config_drive') if field in values}
        uuid = self.boot(name=name, tags=tags, project=project, **body)
        self.settle(uuid, vm_state, **{'created_at': self.now + datetime.timedelta(seconds=seconds), **values})
        return uuid


class FiltersTest(ServerListsTest):
    def setUp(self):
        super().setUp()
        self.one = self.make('one', 1, tags=['a', 'b'])
        self.two = self.make('two', 2, 'stopped', tags=['a'], host='host2', locked_by='owner')
        self.three = self.make('three', 3, 'error', host=None, config_drive=True)
        self.other = self.make('other', 4, project='p2')

    def check(self, query, *names, **kwargs):
        self.assertEqual(sorted(names), sorted(self.listed(query, **kwargs)), query)
        self.assertEqual(sorted(names), sorted(self.listed(query, path='/servers/detail', **kwargs)), query)

    def test_owner(self):
        self.check('', 'one', 'two', 'three')
        self.check('?tenant_id=p2&project_id=p2', 'one', 'two', 'three')
        self.check('', user='admin', project='admin')
        self.check('?all_tenants=1', 'one', 'two', 'three', 'other', user='admin')
        self.check('?all_tenants', 'one', 'two', 'three', 'other', user='admin')
        self.check('?all_tenants=1&tenant_id=p2', 'other', user='admin')
        self.check('?all_tenants=1&project_id=p2', 'other', user='admin')
        self.check('?all_tenants=0', 'one', 'two', 'three')
        self.listed('?all_tenants=1', status=403)
        self.listed('?all_tenants=maybe', status=400)

    def test_everybodys(self):
        self.check('?name=t', 'two', 'three')
        self.check('?name=^t.o$', 'two')
        self.check('?status=ACTIVE', 'one')
        self.check('?status=active&status=SHUTOFF', 'one', 'two')
        self.check('?status=nonsense', version='2.37')
        self.assertEqual('Invalid status value', self.listed('?status=nonsense', version='2.38', status=400)[1])
        self.assertEqual('forbidden', self.listed('?status=DELETED', status=403)[0])
        self.check(f'?image={IMAGE}', 'one', 'two', 'three')
        self.check('?flavor=1', 'one', 'two', 'three')
        self.check('?flavor=2')
        self.check('?ip=10')
        self.check('?ip6=fe80')
        self.check('?tags=a,b', 'one')
        self.check('?tags-any=a,b', 'one', 'two')
        self.check('?not-tags=a,b', 'two', 'three')
        self.check('?not-tags-any=a', 'three')
        self.check('?locked=true', 'two')
        self.check('?locked=0', 'one', 'three')
        self.listed('?locked=x', status=400)
        self.check('?config_drive=True', 'three')
        self.check('?availability_zone=nova', 'one', 'two')
        self.check('?hostname=^one', 'one')
        self.check('?power_state=1', 'one', 'two')
        self.check('?vm_state=error', 'three')
        self.check('?user_id=user', 'one', 'two', 'three')

    def test_only_admins(self):
        self.check('?host=host2', 'one', 'two', 'three')
        self.check('?all_tenants=1&host=host2', 'two', user='admin')
        self.check('?all_tenants=1&node=host', 'one', 'two', 'other', user='admin')
        self.check('?all_tenants=1&uuid=' + self.one, 'one', user='admin')
        self.check('?vm_state=error', 'one', 'two', 'three', version='2.82')
        for name in ('block_device_mapping', 'services', 'metadata', '_x'):
            self.listed(f'?all_tenants=1&{name}=x', user='admin', status=400)

    def test_zones(self):
        made = self.cells.api.transact(aggregates.create, 'rack', self.now, availability_zone='mars')
        self.cells.api.transact(aggregates.add_host, made.id, 'host2', self.now)
        self.check('?availability_zone=mars', 'two')
        self.check('?availability_zone=nova', 'one')
        self.check('?availability_zone=a', 'one', 'two')

    def test_unknown_parameters(self):
        self.check('?what=ever', 'one', 'two', 'three', version='2.74')
        self.listed('?what=ever', version='2.75', status=400)
        self.listed('?name=(', status=400)
        self.listed('?limit=x', status=400)
        self.listed('?limit=-1', status=400)
        self.listed('?changes-since=x', status=400)

    def test_deleted_and_changes(self):
        self.settle(self.one, 'deleted', host=None, deleted=True, updated_at=self.now + datetime.timedelta(hours=2))
        later = (self.now + datetime.timedelta(hours=1)).strftime('%Y-%m-%dT%H:%M:%SZ')
        self.check('', 'two', 'three')
        self.check(f'?changes-since={later}', 'one')
        self.check(f'?changes-before={later}', 'two', 'three')
        self.check(f'?changes-since={later}&deleted=true', 'one')
        self.listed(f'?changes-since={later}&changes-before=2020-01-01T00:00:00Z', status=400)
        self.check('?deleted=true', 'two', 'three')
        self.check('?all_tenants=1&deleted=true', 'one', user='admin')
        self.check('?all_tenants=1&status=DELETED', 'one', user='admin')
        [seen] = self.api('GET', '/servers/detail?all_tenants=1&deleted=true', status=200).json['servers']
        self.assertEqual('DELETED', seen['status'])


class PagesTest(ServerListsTest):
    def walk(self, query, **kwargs):
        names, path = [], f'/servers?limit=2&{query}'
        while path:
            page = self.api('GET', path, status=200, user='admin', **kwargs).json
            self.assertLessEqual(len(page['servers']), 2)
            names += [server['name'] for server in page['servers']]
            links = page.get('servers_links')
            path = links[0]['href'].partition('/v2.1')[2] if links else None
        return names

    def test_order(self):
        for number in range(5):
            self.make(f's{number}', number, availability_zone='z' if number % 2 else None)
        self.assertEqual(['s4', 's3', 's2', 's1', 's0'], self.walk('all_tenants=1'))
        self.assertEqual(['s0', 's1', 's2', 's3', 's4'], self.walk('all_tenants=1&sort_key=display_name&sort_dir=asc'))
        self.assertEqual(['s4', 's2', 's0', 's3', 's1'], self.walk(
            'all_tenants=1&sort_key=availability_zone&sort_dir=asc&sort_key=created_at&sort_dir=desc'))
        for key in (*SORT_KEYS, 'locked'):
            for direction in ('asc', 'desc'):
                found = self.walk(f'all_tenants=1&sort_key={key}&sort_dir={direction}')
                self.assertEqual(['s0', 's1', 's2', 's3', 's4'], sorted(found), key)
        for key in IGNORED_SORT_KEYS:
            self.assertEqual(5, len(self.walk(f'all_tenants=1&sort_key={key}', version='2.1')))
            self.api('GET', f'/servers?sort_key={key}', status=200 if key == 'locked' else 400)

    def test_limits(self):
        for number in range(3):
            self.make(f's{number}', number)
        self.conf.set_override('max_limit', 2, 'api')
        for path in ('/servers', '/servers/detail'):
            page = self.api('GET', path, status=200, user='user', project='p1').json
            self.assertEqual(2, len(page['servers']))
            self.assertIn(f'/v2.1{path}?marker=', page['servers_links'][0]['href'])
        self.assertEqual([], self.listed('?limit=0'))
        self.assertEqual(['s2', 's1'], self.listed('?limit=9'))

    def test_bad_marker(self):
        other = self.make('other', project='p2')
        for marker in (other, IMAGE, 'x'):
            name, message = self.listed(f'?marker={marker}', status=400)
            self.assertEqual(f'marker [{marker}] not found', message)

    def test_admin_sort_keys(self):
        self.assertEqual('Only administrators can sort servers by host', self.listed('?sort_key=host', status=403)[1])
        self.listed('?sort_key=color', status=400)
        self.listed('?sort_dir=up', status=400)

    def test_statements(self):
        for number in range(6):
            self.make(f's{number}', number, 'error' if number % 2 else 'active', tags=['t'])
        statements = []
        for database in (self.cells.api, self.cells.get()):
            sa.event.listen(database.engine, 'before_cursor_execute',
                            lambda c, cursor, statement, *more: statements.append(statement))
        counts = []
        for limit in (2, 6):
            statements.clear()
            self.api('GET', f'/servers/detail?limit={limit}&all_tenants=1', status=200)
            counts.append(len([text for text in statements if text.startswith('SELECT')]))
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 10)


class CellsTest(ServerListsTest):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.second = Database('sqlite:///' + os.path.join(folder.name, 'second.db'), name='cell second')
        self.addCleanup(self.second.dispose)
        migrate.sync(self.second, 'cell')
        self.cells._cells['second'] = self.second
        self.add_host('host9', self.second)

    def boot_there(self, name, seconds):
        answer = self.api('POST', '/servers', self.body(name=name, availability_zone='nova:host9'), status=202)
        uuid = answer.json['server']['id']
        self.settle(uuid, host='host9', database=self.second,
                    created_at=self.now + datetime.timedelta(seconds=seconds))
        return uuid

    def test_merged(self):
        for number in range(6):
            if number % 2:
                self.boot_there(f's{number}', number)
            else:
                self.make(f's{number}', number, project='admin')
        self.assertEqual(['s5', 's4', 's3', 's2', 's1', 's0'], self.listed(user='admin', project='admin'))
        self.assertEqual(['s5', 's4', 's3', 's2', 's1', 's0'], PagesTest.walk(self, 'all_tenants=1'))

    def test_each_in_its_cell(self):
        uuid = self.boot_there('there', 1)
        with self.second.read() as tx:
            self.assertEqual('there', servers.get(tx, uuid).display_name)
        with self.cells.api.read() as tx:
            self.assertEqual('second', locations.get(tx, uuid).cell)
        self.api('POST', f'/servers/{uuid}/action', {'os-stop': None}, status=202)
        self.assertEqual('second', self.conductor.orders[-1][0])
        self.api('PUT', f'/servers/{uuid}/metadata', {'metadata': {'a': 'b'}}, status=409)
        self.api('GET', f'/servers/{uuid}/os-instance-actions', status=200)

    def test_down(self):
        uuid = self.boot_there('there', 1)
        here = self.make('here', 2, project='admin')
        self.cells._cells['second'] = _Down()
        answer = self.api('GET', '/servers', status=200).json['servers']
        self.assertEqual([here, uuid], [server['id'] for server in answer])
        self.assertEqual({'id', 'status', 'links'}, set(answer[1]))
        answer = self.api('GET', '/servers/detail', status=200).json['servers']
        self.assertEqual(('UNKNOWN', 'admin'), (answer[1]['status'], answer[1]['tenant_id']))
        self.assertEqual(['here'], self.listed('?limit=5', user='admin', project='admin'))
        self.assertEqual(['here'], self.listed(version='2.68', user='admin', project='admin'))
        seen = self.api('GET', f'/servers/{uuid}', status=200).json['server']
        self.assertEqual(('UNKNOWN', 64, []), (seen['status'], seen['flavor']['ram'], seen['server_groups']))
        self.api('GET', f'/servers/{uuid}', version='2.68', status=503)
        self.api('DELETE', f'/servers/{uuid}', status=503)
        self.conf.set_override('list_records_by_skipping_down_cells', False, 'api')
        self.api('GET', '/servers', version='2.68', status=503)
        self.api('GET', '/servers', status=200)


class _Down:
    """A cell whose database does not answer."""

    def read(self):
        raise DatabaseUnavailable()

    write = read

    def dispose(self):
        pass


class SortKeysTest(ServersTest):
    def test_known(self):
        self.assertEqual(set(SORT_KEYS) | {'locked'}, set(server_lists.SORT_KEYS))
        self.assertEqual(cells.DEFAULT, '')
