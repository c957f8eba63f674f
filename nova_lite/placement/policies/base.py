# SPDX-License-Identifier: Apache-2.0
"""The rules that other rules refer to."""

import functools

import stevedore
from oslo_policy import _checks, policy


def _plug_in(entry_point, kind, match):
    return entry_point.load()(kind, match)


# The first rule would load every plug-in, and requests with them. Here each loads when a rule asks for it ("http:...").
if getattr(_checks, 'extension_checks', ()) is None:
    _checks.extension_checks = {
        entry_point.name: functools.partial(_plug_in, entry_point)
        for entry_point in stevedore.NamedExtensionManager('oslo.policy.rule_checks', names=[]).list_entry_points()}

ADMIN_OR_SERVICE = 'rule:admin_or_service_api'
SERVICE = 'rule:service_api'
ADMIN_OR_PROJECT_READER_OR_SERVICE = 'rule:admin_or_project_reader_or_service_api'

# Until `enforce_new_defaults` is set, an administrator passes every rule that has this predecessor.
_ADMIN = policy.DeprecatedRule('rule:admin_api', 'role:admin', deprecated_since='5.0.0', deprecated_reason=(
    'Placement tells services and project readers from administrators by now.'))


def _rule(name, check, description, scope=('project',), deprecated=_ADMIN):
    return policy.RuleDefault(name, check, description, scope_types=list(scope) if scope else None,
                              deprecated_rule=deprecated)


RULES = [
    _rule('admin_api', 'role:admin', 'An administrator.', deprecated=None),
    _rule('service_api', 'role:service', 'Another service of the cloud.'),
    _rule('admin_or_service_api', 'role:admin or role:service', 'An administrator or another service.'),
    _rule('project_reader_api', 'role:reader and project_id:%(project_id)s', 'A reader of the project.', scope=None),
    _rule('admin_or_project_reader_or_service_api', 'role:admin or rule:project_reader_api or role:service',
          'An administrator, a reader of the project, or another service.'),
]
