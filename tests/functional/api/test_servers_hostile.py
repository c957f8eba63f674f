# SPDX-License-Identifier: Apache-2.0
"""Whatever is sent to the routes of servers: never a 500, never a server that is half there."""

import hypothesis
from hypothesis import strategies as st

from nova_lite.api import microversions
from nova_lite.api.schemas import servers as schemas
from nova_lite.db import locations, quotas, servers
from tests.functional.api.server_base import IMAGE, ServersTest

_QUIET = hypothesis.settings(
    max_examples=150, deadline=None, database=None, derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large,
                           hypothesis.HealthCheck.differing_executors])

VERSIONS = st.integers(microversions.FIRST, microversions.LAST).map(lambda minor: f'2.{minor}')
TEXT = st.text(max_size=300) | st.sampled_from(
    ['', ' ', 'a', 'ünïcode', '\u2028', '9' * 5000, 'true', '-1', '%s', "'", '𝒳'])
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.just(10 ** 30)
JSON = st.recursive(st.none() | st.booleans() | NUMBERS | TEXT,
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8)

# Field -> values that may be right.
GOOD = {
    'name': st.sampled_from(['demo', 'a' * 255, 'x y', '--', '日本']),
    'imageRef': st.just(IMAGE), 'flavorRef': st.sampled_from(['1', 1, 'http://x/flavors/1', '2', 'http://[/1']),
    'networks': st.sampled_from(['none', 'auto', [], [{'uuid': IMAGE}]]),
    'adminPass': TEXT,
    'metadata': st.dictionaries(st.sampled_from(['a', 'b c', 'x:y']), st.text(max_size=255), max_size=3),
    'tags': st.lists(st.sampled_from(['t', 'u', 'ü']), max_size=3),
    'min_count': st.sampled_from([1, '2', 1.0, '9' * 30, 3]),
    'max_count': st.sampled_from([1, '2', 5, '9' * 5000, 10 ** 40]),
    'availability_zone': st.sampled_from(
        ['nova', 'nova:host1', 'nova::host1', 'nova:host1:host1', ':', '::', 'a:b:c:d']),
    'config_drive': st.sampled_from([True, 'no', '']), 'user_data': st.sampled_from(['aGVsbG8=', 'a', '=', 'é']),
    'description': TEXT | st.none(), 'hostname': st.sampled_from(['me', 'me.example', '-', 'a' * 255]),
    'accessIPv4': st.sampled_from(['10.0.0.1', '::1', '']), 'accessIPv6': st.sampled_from(['::1', 'fe80::%1']),
    'key_name': st.just('nokey'), 'OS-DCF:diskConfig': st.sampled_from(['AUTO', 'MANUAL', 'auto']),
    'return_reservation_id': st.sampled_from([True, 'false']),
    'trusted_image_certificates': st.sampled_from([None, [], ['a', 'b'], ['a', 'a']]),
    'security_groups': st.sampled_from([[], [{}], [{'name': 'default'}], [{'name': 'web'}]]),
    'host': st.sampled_from(['host1', 'host9', 'ü']), 'hypervisor_hostname': st.sampled_from(['host1', 'host9']),
    'block_device_mapping': st.sampled_from([[], [{'volume_id': IMAGE}]]),
    'block_device_mapping_v2': st.sampled_from([
        [], [{'source_type': 'image', 'uuid': IMAGE, 'boot_index': '0', 'destination_type': 'local'}],
        [{'source_type': 'blank', 'boot_index': -1}], [{}]]),
    'personality': st.sampled_from([[], [{'path': '/x', 'contents': 'aGVsbG8='}]]),
}
HINTS = {'group': st.sampled_from([IMAGE, [IMAGE], [], 'x']), 'same_host': st.just([IMAGE]),
         'query': st.sampled_from(['["=", "$free_ram_mb", 1]', {}]), '_nova_x': JSON, 'mine': JSON}



@st.composite
def bodies(draw):
    """(version, body): a few fields that the version knows, most of them with values that are right."""
    minor = draw(st.integers(microversions.FIRST, microversions.LAST))
    known = schemas.CREATE[minor].definition['properties']['server']['properties']
    names = ['name', 'imageRef', 'flavorRef', *(['networks'] if minor >= microversions.NETWORKS_AUTO else [])]
    others = sorted(name for name in GOOD if name in known and name not in names)
    names += draw(st.lists(st.sampled_from(others), max_size=4, unique=True))
    body = {'server': {name: draw(GOOD[name]) for name in names}}
    if draw(st.integers(0, 3)) == 0:
        body['os:scheduler_hints'] = draw(st.fixed_dictionaries({}, optional=HINTS))
    return f'2.{minor}', body


class HostileTest(ServersTest):
    CONFIG = {('quota', 'instances'): -1, ('quota', 'cores'): 40, ('quota', 'ram'): -1}

    def ask(self, *args, **kwargs):
        answer = self.api(*args, **{'user': 'user', 'project': 'p1', **kwargs})
        self.assertLess(answer.status_code, 500, answer.text)
        return answer

    def clear(self):
        """Forget the servers of the example before."""
        for database, tables in ((self.cells.get(), servers.models.metadata), (self.cells.api, quotas.models.metadata)):
            with database.write() as tx:
                for name in ('server_metadata', 'server_tags', 'orders', 'servers', 'server_locations', 'quota_usages'):
                    if name in tables.tables:
                        tx.execute(tables.tables[name].delete())

    def check_whole(self):
        """Every server has a location, an order and its quota; nothing else has."""
        def uuids(tx, column):
            return {row[0] for row in tx.execute(servers.sa.select(column))}

        tables = servers.models
        with self.cells.get().read() as tx:
            there = uuids(tx, tables.servers.c.uuid)
            self.assertEqual(there, uuids(tx, tables.orders.c.server_uuid))
            for table in (tables.server_metadata, tables.server_tags):
                self.assertLessEqual(uuids(tx, table.c.server_uuid), there)
        with self.cells.api.read() as tx:
            self.assertEqual(there, uuids(tx, locations.models.server_locations.c.server_uuid))
            self.assertEqual(len(there), quotas.usages(tx, 'p1').get('instances', 0))

    @_QUIET
    @hypothesis.given(asked=bodies(), user=st.sampled_from(['user', 'admin']))
    def test_create_what_may_be_right(self, asked, user):
        version, body = asked
        self.clear()
        self.ask('POST', '/servers', body, version=version, user=user)
        self.check_whole()

    @_QUIET
    @hypothesis.given(field=st.sampled_from([*GOOD]), value=JSON, version=VERSIONS)
    def test_create_with_one_wild_field(self, field, value, version):
        self.clear()
        self.ask('POST', '/servers', self.body(version, **{field: value}), version=version)
        self.check_whole()

    @_QUIET
    @hypothesis.given(body=JSON, version=VERSIONS, path=st.sampled_from(['', '/detail', '/x', '/x/action']),
                      method=st.sampled_from(['POST', 'PUT', 'DELETE']))
    def test_wild_bodies(self, body, version, path, method):
        self.ask(method, '/servers' + path, body, version=version)
        self.check_whole()


class HostileToOneTest(ServersTest):
    ask = HostileTest.ask

    def setUp(self):
        super().setUp()
        self.uuid = self.booted()

    @_QUIET
    @hypothesis.given(
        query=st.dictionaries(
            st.sampled_from([*schemas.LIST[104].definition['properties'], 'what', '_x']),
            TEXT | st.sampled_from(['nova', '.*', '[', '(?=a)', '2020-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00',
                                    '1', 'asc', 'created_at']),
            max_size=4),
        version=VERSIONS, path=st.sampled_from(['', '/detail']), user=st.sampled_from(['user', 'admin']))
    def test_lists(self, query, version, path, user):
        self.ask('GET', f'/servers{path}', version=version, user=user, params=query)

    @_QUIET
    @hypothesis.given(key=st.sampled_from([
        'os-start', 'os-stop', 'reboot', 'lock', 'unlock', 'os-getConsoleOutput', 'os-resetState', 'x']),
        value=JSON | st.sampled_from([{'length': '9' * 5000}, {'length': 1e300}, {'type': 'HARD'}, {'state': 'error'}]),
        version=VERSIONS, user=st.sampled_from(['user', 'admin']))
    def test_actions(self, key, value, version, user):
        self.ask('POST', f'/servers/{self.uuid}/action', {key: value}, version=version, user=user)

    @_QUIET
    @hypothesis.given(fields=st.fixed_dictionaries({}, optional={
        'name': TEXT, 'description': TEXT | st.none(), 'hostname': TEXT, 'accessIPv4': TEXT, 'accessIPv6': TEXT,
        'OS-DCF:diskConfig': TEXT, 'pinned_availability_zone': TEXT | st.none(), 'what': JSON}), version=VERSIONS)
    def test_update(self, fields, version):
        self.ask('PUT', f'/servers/{self.uuid}', {'server': fields}, version=version)

    @_QUIET
    @hypothesis.given(
        collection=st.sampled_from(['metadata', 'tags', 'ips', 'os-instance-actions']),
        item=st.none() | st.text(st.characters(exclude_categories=['Cs']), min_size=1, max_size=80),
        method=st.sampled_from(['GET', 'POST', 'PUT', 'DELETE']), version=VERSIONS,
        body=JSON | st.fixed_dictionaries({}, optional={
            'metadata': JSON, 'meta': JSON, 'tags': st.lists(TEXT, max_size=60)}))
    def test_what_belongs_to_it(self, collection, item, method, version, body):
        path = f'/servers/{self.uuid}/{collection}' + ('' if item is None else f'/{item}')
        self.ask(method, path, body if method in ('POST', 'PUT') else None, version=version)

    @_QUIET
    @hypothesis.given(
        query=st.dictionaries(st.sampled_from(['limit', 'marker', 'changes-since', 'changes-before', 'x']),
                              TEXT | st.sampled_from(['2020-01-01T00:00:00Z', '2', 'req-x']), max_size=3),
        version=VERSIONS)
    def test_instance_actions(self, query, version):
        self.ask('GET', f'/servers/{self.uuid}/os-instance-actions', version=version, params=query)
