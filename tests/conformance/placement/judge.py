# SPDX-License-Identifier: Apache-2.0
"""Runs upstream Placement's own gabbi suites over HTTP against any endpoint, which it wipes before each suite.

Run by the Python of a virtual environment that has `openstack-placement`, whose wheel ships the suites and their
fixtures; it imports nothing of ours. `judge.py ENDPOINTS SUITES REPORT`: a JSON file {profile: url}, a file with the
names of suites, and where to write the report (JSON). A profile is a configuration of the server that a suite needs:
default, secure (new policy defaults), open (every rule `@`) or cors. Exit code 1 if a test failed.
"""

import ast
import importlib.metadata
import json
import os
import pathlib
import sys
import traceback
import types
import unittest
import uuid

import requests
import yaml

LATEST = '1.39'
PROFILES = {'SecureRBACPolicyFixture': 'secure', 'OpenPolicyFixture': 'open', 'CORSFixture': 'cors'}
# No HTTP client sends this, and no HTTP server lets it through to an application.
IMPOSSIBLE = {('basic-http', 'bad content length not int')}
ADMIN = {'x-auth-token': 'admin', 'x-roles': 'admin,service,member,reader', 'accept': 'application/json'}


class Endpoint:
    """One server, asked as an administrator."""

    def __init__(self, url):
        self.url = url.rstrip('/')
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update(ADMIN)

    def __call__(self, method, path, body=None, version=LATEST, ok=(200, 201, 204)):
        headers = {'openstack-api-version': f'placement {version}'}
        answer = self.session.request(method, self.url + path, headers=headers, json=body, timeout=120)
        if answer.status_code not in ok:
            raise RuntimeError(f'{method} {path} at {version}: {answer.status_code} {answer.text[:300]}')
        return answer

    def wipe(self):
        """Delete everything that can be deleted."""
        providers = self('GET', '/resource_providers').json()['resource_providers']
        for provider in providers:
            held = self('GET', f'/resource_providers/{provider["uuid"]}/allocations').json()['allocations']
            for consumer in held:
                self('DELETE', f'/allocations/{consumer}', ok=(204, 404))
        parents = {provider['uuid']: provider['parent_provider_uuid'] for provider in providers}
        while parents:
            leaves = set(parents) - set(parents.values())
            for leaf in leaves:
                self('DELETE', f'/resource_providers/{leaf}', ok=(204, 404))
                del parents[leaf]
        for trait in self('GET', '/traits?name=startswith:CUSTOM_').json()['traits']:
            self('DELETE', f'/traits/{trait}', ok=(204, 404))
        for row in self('GET', '/resource_classes').json()['resource_classes']:
            if row['name'].startswith('CUSTOM_'):
                self('DELETE', f'/resource_classes/{row["name"]}', ok=(204, 404))


class Anything:
    """Stands for what only matters inside upstream's own process."""

    def __getattr__(self, name):
        return Anything()

    def __call__(self, *args, **kwargs):
        return Anything()

    def __iter__(self):
        return iter(())


class Named:
    """A user or a project."""

    def __init__(self, context=None, external_id=None):
        self.external_id = external_id

    def create(self):
        pass


class Provider:
    def __init__(self, endpoint, name, new_uuid):
        self.endpoint, self.name, self.uuid = endpoint, name, new_uuid
        self.path = f'/resource_providers/{new_uuid}'

    @property
    def generation(self):
        return self.endpoint('GET', self.path).json()['generation']

    def set_aggregates(self, uuids):
        # At 1.18 this leaves the generation alone, as upstream's call inside the process does.
        self.endpoint('PUT', f'{self.path}/aggregates', list(uuids), '1.18')


class Builder:
    """What upstream's fixtures call to build their worlds, as requests that count generations the same way."""

    def __init__(self, current):
        self._current = current

    @property
    def _endpoint(self):
        return self._current['endpoint']

    def create_provider(self, context, name, *aggregates, **more):
        from oslo_utils.fixture import uuidsentinel
        new = more.get('uuid') or getattr(uuidsentinel, name)
        body = {'name': name, 'uuid': new}
        if more.get('parent'):
            body['parent_provider_uuid'] = more['parent']
        self._endpoint('POST', '/resource_providers', body)
        provider = Provider(self._endpoint, name, new)
        if aggregates:
            provider.set_aggregates(aggregates)
        return provider

    def ensure_rc(self, context, name):
        if name.startswith('CUSTOM_'):
            self._endpoint('PUT', f'/resource_classes/{name}')

    def add_inventory(self, provider, name, total, **numbers):
        self.ensure_rc(None, name)
        numbers.setdefault('max_unit', total)
        self._endpoint('POST', f'{provider.path}/inventories', {
            **numbers, 'resource_class': name, 'total': total, 'resource_provider_generation': provider.generation})

    def set_traits(self, provider, *names):
        for name in names:
            if name.startswith('CUSTOM_'):
                self._endpoint('PUT', f'/traits/{name}')
        self._endpoint('PUT', f'{provider.path}/traits', {
            'traits': list(names), 'resource_provider_generation': provider.generation})

    def create_user_and_project(self, context, prefix='fake'):
        return Named(external_id=f'{prefix}-user'), Named(external_id=f'{prefix}-project')

    def ensure_consumer(self, context, user, project, consumer_id=None):
        return types.SimpleNamespace(uuid=consumer_id or str(uuid.uuid4()), user=user, project=project, generation=None)

    def set_allocation(self, context, provider, consumer, used):
        # At 1.28 a consumer has a generation and no type.
        self._endpoint('PUT', f'/allocations/{consumer.uuid}', {
            'allocations': {provider.uuid: {'resources': used}}, 'consumer_generation': consumer.generation,
            'project_id': consumer.project.external_id, 'user_id': consumer.user.external_id}, '1.28')
        consumer.generation = (consumer.generation or 0) + 1


def fixtures(path, begin, current):
    """Upstream's module of fixtures, without its imports of placement and with our words in their place."""
    tree = ast.parse(path.read_text(encoding='utf-8'), str(path))
    tree.body = [node for node in tree.body if _is_kept(node)]
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == 'APIFixture':
            _reduce(node)
    ast.fix_missing_locations(tree)

    class ResourceClass:
        def __init__(self, context=None, name=None):
            self.name = name

        def create(self):
            current['endpoint']('PUT', f'/resource_classes/{self.name}')

    module = types.ModuleType('upstream_fixtures')
    module.__dict__.update(
        _begin=begin, tb=Builder(current), policies=Anything(), conf=Anything(), deploy=Anything(),
        user_obj=types.SimpleNamespace(User=Named), project_obj=types.SimpleNamespace(Project=Named),
        rc_obj=types.SimpleNamespace(ResourceClass=ResourceClass))
    exec(compile(tree, str(path), 'exec'), module.__dict__)
    return module


def _is_kept(node):
    roots = ('os', 'gabbi', 'os_resource_classes', 'os_traits', 'oslo_utils')
    if isinstance(node, ast.Import):
        return all(name.name.split('.')[0] in roots for name in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or '').split('.')[0] in roots
    return True


def _reduce(base):
    """Of upstream's base fixture only the environment variables that it sets are left."""
    for node in base.body:
        if isinstance(node, ast.FunctionDef) and node.name == 'start_fixture':
            settings = [statement for statement in node.body if isinstance(statement, ast.Assign)
                        and ast.unparse(statement.targets[0]).startswith('os.environ')]
            node.body = ast.parse('_begin(self)').body + settings
        elif isinstance(node, ast.FunctionDef) and node.name == 'stop_fixture':
            node.body = [ast.Pass()]


class Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.passed, self.bad, self.left_out = 0, [], 0

    def addSuccess(self, test):
        self.passed += 1

    def addFailure(self, test, error):
        self._add(test, error)

    def addError(self, test, error):
        self._add(test, error)

    def addExpectedFailure(self, test, error):
        self.passed += 1

    def addUnexpectedSuccess(self, test):
        self.passed += 1

    def addSkip(self, test, reason):
        self.left_out += 1

    def _add(self, test, error):
        name = getattr(test, 'test_data', {}).get('name', str(test))
        self.bad.append(f'{name}: {"".join(traceback.format_exception_only(*error[:2])).strip()[:1000]}')


def _close_clients():
    """gabbi opens a client for each test and leaves it open: a server with keep-alive would run out of sockets."""
    import httpx
    from gabbi import httpclient

    ask = httpclient.Http.request

    def request(self, *args, **kwargs):
        try:
            return ask(self, *args, **kwargs)
        finally:
            self.client.close()
            self.client = httpx.Client()
    httpclient.Http.request = request


def run(urls, names):
    """{suite: {profile, passed, left_out, bad}} of the suites named, in their order."""
    from gabbi import handlers, suitemaker, utils

    os.environ['NO_PROXY'] = '*'
    _close_clients()
    root = pathlib.Path(importlib.metadata.distribution('openstack-placement').locate_file('')) / 'placement/tests'
    suites = root / 'functional' / 'gabbits'
    endpoints = {profile: Endpoint(url) for profile, url in urls.items()}
    current = {}

    def begin(fixture):
        current['endpoint'].wipe()
        fixture.context = types.SimpleNamespace(config=Anything())
        fixture.conf_fixture = fixture.policy_fixture = Anything()

    module = fixtures(root / 'functional' / 'fixtures' / 'gabbits.py', begin, current)
    report = {}
    for name in names:
        data = yaml.safe_load((suites / f'{name}.yaml').read_text(encoding='utf-8'))
        profile = next((PROFILES[f] for f in data.get('fixtures', ()) if f in PROFILES), 'default')
        current['endpoint'] = endpoints[profile]
        for test in data['tests']:
            if (name, test.get('name')) in IMPOSSIBLE:
                test['skip'] = 'no HTTP client sends this'
        host, port, prefix, _ = utils.host_info_from_target(urls[profile])
        suite = suitemaker.test_suite_from_dict(
            unittest.TestLoader(), name, data, str(suites), host, port, module, None, prefix=prefix.rstrip('/'),
            handlers=[handler() for handler in handlers.RESPONSE_HANDLERS])
        result = Result()
        suite.run(result)
        report[name] = {'profile': profile, 'passed': result.passed, 'left_out': result.left_out, 'bad': result.bad}
    return report


def main(endpoints, suites, target):
    """Judge; the exit code."""
    urls = json.loads(pathlib.Path(endpoints).read_text())
    lines = pathlib.Path(suites).read_text().split('\n')
    names = [line for line in lines if line and not line.startswith('#')]
    report = run(urls, names)
    pathlib.Path(target).write_text(json.dumps(report, indent=1))
    for name, entry in report.items():
        for line in entry['bad']:
            print(f'{name} ({entry["profile"]}): {line}')
    print(f'{sum(e["passed"] for e in report.values())} passed, {sum(len(e["bad"]) for e in report.values())} failed, '
          f'{sum(e["left_out"] for e in report.values())} left out')
    return 1 if any(entry['bad'] for entry in report.values()) else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
