# SPDX-License-Identifier: Apache-2.0
"""Who may do what: the defaults, overrides, and outcomes that are remembered no longer than they hold."""

import pathlib
import tempfile

import testtools

from nova_lite import conf as options
from nova_lite import context as contexts
from nova_lite import policies
from nova_lite.policies import enforcer

ADMIN_RULE = 'os_compute_api:os-services:list'
READER_RULE = 'os_compute_api:servers:show'
MEMBER_RULE = 'os_compute_api:servers:create'


def somebody(*roles, project_id='p', **more):
    return contexts.RequestContext(user_id='u', project_id=project_id, roles=list(roles), **more)


class EnforcerTest(testtools.TestCase):
    def make(self, text=None, overrides=None):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name, 'policy.yaml')
        if text is not None:
            self.file.write_text(text)
        self.now = 0.0
        conf = options.new(config_files=[], config_dirs=[])
        found = enforcer.Enforcer(conf, overrides, monotonic=lambda: self.now)
        conf.set_override('policy_file', str(self.file), 'oslo_policy')
        return enforcer.Enforcer(conf, overrides, monotonic=lambda: self.now) if text is not None else found

    def test_defaults(self):
        found = self.make()
        for context, allowed in ((somebody('admin'), (True, True, True)), (somebody('member'), (False, False, True)),
                                 (somebody('reader'), (False, True, False)),
                                 (somebody('member', 'reader'), (False, True, True)), (somebody(), (False,) * 3)):
            self.assertEqual(allowed, tuple(
                found.allows(context, rule) for rule in (ADMIN_RULE, READER_RULE, MEMBER_RULE)), context.roles)
        self.assertFalse(found.allows(somebody('reader'), READER_RULE, {'project_id': 'other'}))
        self.assertFalse(found.allows(somebody('reader'), READER_RULE, {}))
        self.assertTrue(found.allows(somebody('admin'), READER_RULE, {'project_id': 'other'}))

    def test_scope(self):
        system = contexts.RequestContext(user_id='u', system_scope='all', roles=['admin'])
        self.assertFalse(self.make().allows(system, ADMIN_RULE))

    def test_refusal(self):
        error = self.assertRaises(enforcer.PolicyNotAuthorized, self.make().authorize, somebody(), ADMIN_RULE)
        self.assertEqual(f"Policy doesn't allow {ADMIN_RULE} to be performed.", str(error))

    def test_remembered_for_each_asker(self):
        found = self.make()
        self.assertFalse(found.allows(somebody('member'), ADMIN_RULE))
        self.assertTrue(found.allows(somebody('admin'), ADMIN_RULE))
        self.assertFalse(found.allows(somebody('reader', project_id='q'), READER_RULE, {'project_id': 'p'}))
        self.assertTrue(found.allows(somebody('reader'), READER_RULE, {'project_id': 'p'}))

    def test_changed_file(self):
        found = self.make(f'"{ADMIN_RULE}": "role:boss"\n')
        self.assertTrue(found.allows(somebody('boss'), ADMIN_RULE))
        self.assertFalse(found.allows(somebody('admin'), ADMIN_RULE))
        self.file.write_text(f'"{ADMIN_RULE}": "role:nobody"\n# longer, so that size and time differ\n')
        self.now = 10.0
        self.assertFalse(found.allows(somebody('boss'), ADMIN_RULE))

    def test_an_outcome_of_rules_that_change_meanwhile_is_not_kept(self):
        found = self.make(f'"{ADMIN_RULE}": "role:boss"\n')
        evaluate = found._evaluate

        def while_the_file_changes(*arguments):
            outcome = evaluate(*arguments)
            self.file.write_text(f'"{ADMIN_RULE}": "role:nobody"\n# longer, so that size and time differ\n')
            self.now += 10.0
            found._evaluate = evaluate
            found.allows(somebody(), MEMBER_RULE)
            return outcome

        found._evaluate = while_the_file_changes
        self.assertTrue(found.allows(somebody('boss'), ADMIN_RULE))
        self.assertFalse(found.allows(somebody('boss'), ADMIN_RULE))

    def test_overrides(self):
        self.assertTrue(self.make(overrides={ADMIN_RULE: '@'}).allows(somebody(), ADMIN_RULE))

    def test_old_rule_still_counts_in_a_file(self):
        found = self.make('"os_compute_api:os-services": "role:old"\n')
        self.assertTrue(found.allows(somebody('old'), ADMIN_RULE))


class Rules(testtools.TestCase):
    def test_each_once_and_documented(self):
        rules = policies.list_rules()
        names = [rule.name for rule in rules]
        self.assertEqual(sorted(set(names)), sorted(names))
        for rule in rules:
            self.assertTrue(rule.description.endswith('.'), rule.name)
