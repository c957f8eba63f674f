# SPDX-License-Identifier: Apache-2.0
"""Quotas of projects, users and classes, and the limits that show them."""

from nova_lite import errors
from nova_lite.db import quotas
from tests.functional.api import base

_FILES = {'injected_files', 'injected_file_content_bytes', 'injected_file_path_bytes'}
_NETWORK = {'fixed_ips', 'floating_ips', 'security_groups', 'security_group_rules'}
_GROUPS = {'server_groups', 'server_group_members'}
_ALWAYS = {'cores', 'instances', 'ram', 'key_pairs', 'metadata_items'}


class QuotaTest(base.ApiTest):
    def get(self, path='', project='p1', status=200, **kwargs):
        return self.api('GET', f'/os-quota-sets/{project}{path}', status=status, **kwargs).json.get('quota_set')

    def put(self, body, query='', status=200, **kwargs):
        result = self.api('PUT', f'/os-quota-sets/p1{query}', {'quota_set': body}, status=status, **kwargs)
        return result.json.get('quota_set')


class QuotaSets(QuotaTest):
    def test_versions(self):
        for version, more in (('2.1', _FILES | _NETWORK), ('2.36', _FILES), ('2.57', set())):
            for path in ('', '/defaults', '/detail'):
                self.assertEqual(_ALWAYS | _GROUPS | more | {'id'}, set(self.get(path, version=version)))
        self.assertEqual(255, self.get(version='2.56')['injected_file_path_bytes'])
        self.assertEqual(-1, self.get(version='2.35')['fixed_ips'])
        self.put({'injected_files': 1}, version='2.56')
        self.put({'injected_files': 1}, version='2.57', status=400)

    def test_update(self):
        self.assertEqual(5, self.put({'cores': '5'})['cores'])
        self.assertEqual((5, 20), (self.get()['cores'], self.get('/defaults')['cores']))
        self.assertEqual(5, self.get('?user_id=u')['cores'])
        self.put({'cores': 6}, '?user_id=u', status=400)
        self.put({'cores': -1}, '?user_id=u', status=400)
        self.assertEqual(4, self.put({'cores': 4}, '?user_id=u')['cores'])
        self.assertEqual((4, 5), (self.get('?user_id=u')['cores'], self.get()['cores']))
        self.api('DELETE', '/os-quota-sets/p1?user_id=u', status=202)
        self.assertEqual(5, self.get('?user_id=u')['cores'])
        self.api('DELETE', '/os-quota-sets/p1', status=202)
        self.assertEqual(20, self.get()['cores'])
        for wrong in ({'cores': -2}, {'cores': 2 ** 31}, {'cores': 'x'}, {'cores': None}, {'unknown': 1},
                      {'force': 'maybe'}):
            self.put(wrong, status=400)

    def test_usage(self):
        self.cells.api.transact(quotas.take, 'p1', {'cores': 8, 'instances': 2}, {})
        self.assertEqual({'limit': 20, 'in_use': 8, 'reserved': 0}, self.get('/detail')['cores'])
        self.put({'cores': 7}, status=400)
        self.assertEqual(7, self.put({'cores': 7, 'force': True})['cores'])
        self.put({'cores': -1})
        self.assertEqual(0, self.get('/detail?user_id=u')['cores']['in_use'])

    def test_rights(self):
        self.get(project='p1', user='joe', status=403)
        self.assertEqual('p1', self.get(user='joe', headers={'X-Auth-Token': 'joe:p1'})['id'])
        self.get('/defaults', user='joe')
        self.put({'cores': 1}, user='joe', status=403)

    def test_classes(self):
        path = '/os-quota-class-sets/default'
        for version, more in (('2.1', _FILES | _NETWORK), ('2.50', _FILES | _GROUPS), ('2.57', _GROUPS)):
            self.assertEqual(_ALWAYS | more | {'id'}, set(
                self.api('GET', path, version=version, status=200).json['quota_class_set']))
        changed = self.api('PUT', path, {'quota_class_set': {'cores': 3}}, status=200).json['quota_class_set']
        self.assertEqual((3, False), (changed['cores'], 'id' in changed))
        self.assertEqual((3, 3), (self.get()['cores'], self.get('/defaults')['cores']))
        self.api('PUT', '/os-quota-class-sets/' + 'c' * 256, {'quota_class_set': {'cores': 3}}, status=400)
        self.api('GET', path, user='joe', status=403)

    def test_limits(self):
        self.cells.api.transact(quotas.take, 'joe', {'cores': 8}, {})
        gone = {'maxImageMeta': 39, 'maxPersonality': 57, 'maxPersonalitySize': 57, 'maxTotalFloatingIps': 36,
                'totalFloatingIpsUsed': 36, 'maxSecurityGroups': 36, 'totalSecurityGroupsUsed': 36,
                'maxSecurityGroupRules': 36}
        for version in (1, 35, 36, 38, 39, 56, 57, 104):
            found = self.api('GET', '/limits', user='joe', version=f'2.{version}', status=200).json['limits']
            self.assertEqual([], found['rate'])
            self.assertEqual({name for name, since in gone.items() if version < since},
                             set(gone) & set(found['absolute']), version)
        self.assertEqual((8, 20), (found['absolute']['totalCoresUsed'], found['absolute']['maxTotalCores']))
        other = self.api('GET', '/limits?tenant_id=joe', status=200).json['limits']['absolute']
        self.assertEqual(8, other['totalCoresUsed'])
        self.api('GET', '/limits?tenant_id=joe', user='jim', status=403)
        self.api('GET', '/limits?reserved=False', user='joe', status=200)
        self.api('GET', '/limits?unknown=1', user='joe', status=400)


class UnknownProject(QuotaTest):
    def make_deps(self, **more):
        return super().make_deps(projects=_Projects(), **more)

    def test_refused(self):
        self.get(project='nope', status=400)
        self.get('/defaults', project='nope', status=400)
        self.get()
        self.api('POST', '/flavors', {'flavor': {'name': 'f', 'id': 'f', 'ram': 1, 'vcpus': 1, 'disk': 1,
                                                 'os-flavor-access:is_public': False}}, status=200)
        self.api('POST', '/flavors/f/action', {'addTenantAccess': {'tenant': 'nope'}}, status=400)
        self.api('POST', '/flavors/f/action', {'addTenantAccess': {'tenant': 'p1'}}, status=200)


class _Projects:
    def verify_project_id(self, project_id, token):
        if project_id == 'nope':
            raise errors.Invalid(f'Project ID {project_id} is not a valid project.')


class NoLimits(QuotaTest):
    CONFIG = {('quota', 'driver'): 'nova.quota.NoopQuotaDriver'}

    def test_unlimited(self):
        self.put({'cores': 1})
        self.assertEqual({-1}, {limit for name, limit in self.get().items() if name != 'id'})
