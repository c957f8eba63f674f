# SPDX-License-Identifier: Apache-2.0
"""The metadata, tags and addresses of servers."""

from tests.functional.api.server_base import IMAGE, ServersTest


class ServerMetadataTest(ServersTest):
    def ask(self, method, path, body=None, status=200, **kwargs):
        return self.api(method, path, body, status=status, **{'user': 'user', 'project': 'p1', **kwargs})

    def test_versions(self):
        uuid = self.booted(metadata={'a': '1'})
        base = f'/servers/{uuid}/metadata'
        for minor in (1, 101, 102, 104):
            version = f'2.{minor}'
            self.assertEqual({'metadata': {'a': '1'}}, self.ask('GET', base, version=version).json)
            self.assertEqual({'metadata': {'a': '1', 'b': '2'}},
                             self.ask('POST', base, {'metadata': {'b': '2'}}, version=version).json)
            self.assertEqual({'meta': {'b': '2'}}, self.ask('GET', base + '/b', version=version).json)
            self.assertEqual({'meta': {'b': '3'}}, self.ask('PUT', base + '/b', {'meta': {'b': '3'}},
                                                            version=version).json)
            self.ask('DELETE', base + '/b', status=204, version=version)
            self.assertEqual({'metadata': {'a': '1'}}, self.ask('PUT', base, {'metadata': {'a': '1'}},
                                                                version=version).json)

    def test_refused(self):
        uuid = self.booted()
        base = f'/servers/{uuid}/metadata'
        self.ask('GET', base + '/x', status=404)
        self.ask('DELETE', base + '/x', status=404)
        self.ask('PUT', base + '/x', {'meta': {'y': '1'}}, status=400)
        self.ask('PUT', base + '/x', {'meta': {'x': '1', 'y': '1'}}, status=400)
        self.ask('POST', base, {'metadata': {'x': 1}}, status=400)
        self.ask('POST', base, {'metadata': {'x!': '1'}}, status=400)
        self.ask('POST', base, {'metadata': {str(n): '' for n in range(129)}}, status=403)
        self.ask('POST', base, {'metadata': {}}, project='p2', status=404)
        self.ask('GET', f'/servers/{IMAGE}/metadata', status=404)
        self.ask('GET', base + '?x=1', status=400)
        self.ask('GET', base + '?x=1', version='2.101')
        self.ask('POST', f'/servers/{uuid}/action', {'os-stop': None}, status=202)
        self.ask('POST', base, {'metadata': {'x': '1'}}, status=409)
        self.settle(uuid)
        self.ask('POST', f'/servers/{uuid}/action', {'lock': None}, status=202)
        self.ask('POST', base, {'metadata': {'x': '1'}}, status=409)
        self.ask('POST', base, {'metadata': {'x': '1'}}, user='admin', project='admin')
        self.assertEqual({'x': '1'}, self.ask('GET', base).json['metadata'])

    def test_quota_counts_what_is_there(self):
        uuid = self.booted(metadata={str(n): '' for n in range(127)})
        self.ask('POST', f'/servers/{uuid}/metadata', {'metadata': {'a': ''}})
        answer = self.ask('POST', f'/servers/{uuid}/metadata', {'metadata': {'b': ''}}, status=403)
        self.assertEqual('Maximum number of metadata items exceeds 128', self.fault(answer)[1])
        self.api('POST', '/servers', self.body(metadata={str(n): '' for n in range(129)}), status=403)


class ServerTagsTest(ServersTest):
    ask = ServerMetadataTest.ask

    def test_versions(self):
        uuid = self.booted(version='2.36')
        base = f'/servers/{uuid}/tags'
        self.ask('GET', base, version='2.25', status=404)
        for minor in (26, 104):
            version = f'2.{minor}'
            self.assertEqual({'tags': []}, self.ask('GET', base, version=version).json)
            answer = self.ask('PUT', base + '/t1', status=201, version=version)
            self.assertTrue(answer.headers['Location'].endswith(f'/v2.1/servers/{uuid}/tags/t1'))
            self.ask('PUT', base + '/t1', status=204, version=version)
            self.ask('GET', base + '/t1', status=204, version=version)
            self.ask('GET', base + '/t2', status=404, version=version)
            self.ask('DELETE', base + '/t1', status=204, version=version)
            self.ask('DELETE', base + '/t1', status=404, version=version)
            self.assertEqual({'tags': ['a', 'b']}, self.ask('PUT', base, {'tags': ['b', 'a', 'b']},
                                                            version=version).json)
            self.ask('DELETE', base, status=204, version=version)

    def test_refused(self):
        uuid = self.booted()
        base = f'/servers/{uuid}/tags'
        self.ask('PUT', base, {'tags': [f't{n}' for n in range(50)]})
        self.ask('PUT', base + '/t50', status=400)
        self.ask('PUT', base, {'tags': [f't{n}' for n in range(51)]}, status=400)
        self.ask('PUT', base, {'tags': ['a,b']}, status=400)
        self.ask('PUT', base, {'tags': ['a']})
        self.ask('PUT', base + '/a,b', status=400)
        self.ask('PUT', base + '/' + 'x' * 61, status=400)
        self.ask('PUT', base + '/b', project='p2', status=403)
        self.ask('PUT', f'/servers/{IMAGE}/tags/b', status=404)
        self.ask('PUT', f'/servers/{self.boot()}/tags/b', status=409)


class ServerIpsTest(ServersTest):
    ask = ServerMetadataTest.ask

    def test_none(self):
        uuid = self.booted()
        for version in ('2.1', '2.104'):
            self.assertEqual({'addresses': {}}, self.ask('GET', f'/servers/{uuid}/ips', version=version).json)
            self.ask('GET', f'/servers/{uuid}/ips/private', version=version, status=404)
        self.ask('GET', f'/servers/{uuid}/ips', project='p2', status=404)
