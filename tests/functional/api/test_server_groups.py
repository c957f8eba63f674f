# SPDX-License-Identifier: Apache-2.0
"""Server groups, and the list of extensions."""

from tests.functional.api import base


class ServerGroups(base.ApiTest):
    CONFIG = {('quota', 'server_groups'): 2}

    def make(self, status=200, version=base.LATEST, user='joe', **more):
        body = {'name': 'g', 'policy': 'affinity'} | more
        body = {name: value for name, value in body.items() if value is not None}
        result = self.api('POST', '/os-server-groups', {'server_group': body}, status=status, version=version,
                          user=user)
        return result.json.get('server_group')

    def names(self, query='', user='joe'):
        found = self.api('GET', f'/os-server-groups{query}', user=user, status=200).json['server_groups']
        return [group['name'] for group in found]

    def test_views(self):
        id = self.make(policy='anti-affinity', rules={'max_server_per_host': '2'})['id']
        new = {'id': id, 'name': 'g', 'members': [], 'policy': 'anti-affinity', 'rules': {'max_server_per_host': 2},
               'project_id': 'joe', 'user_id': 'joe'}
        old = {'id': id, 'name': 'g', 'members': [], 'policies': ['anti-affinity'], 'metadata': {}}
        owners = {'project_id': 'joe', 'user_id': 'joe'}
        for version, wanted in (('2.1', old), ('2.13', old | owners), ('2.64', new)):
            self.assertEqual(wanted, self.api('GET', f'/os-server-groups/{id}', user='joe', version=version,
                                              status=200).json['server_group'])

    def test_create(self):
        self.make(policy=None, policies=['affinity'], version='2.1')
        self.make(policy=None, policies=['soft-affinity'], version='2.14', status=400)
        self.make(policy=None, policies=['soft-affinity'], version='2.15')
        for wrong in ({'policy': 'nope'}, {'policy': None}, {'name': ''}, {'rules': {'max_server_per_host': 1}},
                      {'policy': 'anti-affinity', 'rules': {'max_server_per_host': 0}},
                      {'policy': 'anti-affinity', 'rules': {'max_server_per_host': 2 ** 40}},
                      {'policy': 'anti-affinity', 'rules': {'other': 1}}):
            self.make(status=400, **wrong)
        self.make(policy=None, policies=['affinity', 'affinity'], version='2.15', status=400)
        self.make(status=403)
        self.assertEqual(['g', 'g'], self.names())

    def test_owners(self):
        mine = self.make(name='mine')['id']
        self.make(name='theirs', user='jim')
        self.assertEqual((['mine'], []), (self.names(), self.names(user='admin')))
        self.assertEqual(['mine', 'theirs'], self.names('?all_projects=1', user='admin'))
        self.assertEqual(['theirs'], self.names('?all_projects=1&limit=1&offset=1', user='admin'))
        self.assertEqual(['mine'], self.names('?all_projects=1'))
        for method in ('GET', 'DELETE'):
            self.api(method, f'/os-server-groups/{mine}', user='jim', status=404)
        self.api('GET', f'/os-server-groups/{mine}', status=200)
        self.api('DELETE', f'/os-server-groups/{mine}', user='joe', status=204)
        self.api('DELETE', f'/os-server-groups/{mine}', user='joe', status=404)


class Extensions(base.ApiTest):
    def test_list(self):
        found = self.api('GET', '/extensions', user='joe', status=200).json['extensions']
        aliases = [extension['alias'] for extension in found]
        self.assertEqual((sorted(aliases), 99), (aliases, len(aliases)))
        self.assertEqual(100, len(self.api('GET', '/extensions', root='/v2', status=200).json['extensions']))
        self.assertEqual(found[3], self.api('GET', f'/extensions/{aliases[3]}', status=200).json['extension'])
        self.api('GET', '/extensions/os-nope', status=404)
