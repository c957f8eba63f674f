# SPDX-License-Identifier: Apache-2.0
"""The rules that other rules are made of, and how one is written down: `rule(name, check, sentence, operations...)`.

Names, defaults and scopes are Nova's.
"""

from oslo_policy import policy

ANYBODY = '@'
NOBODY = '!'
ADMIN = 'rule:context_is_admin'
MANAGER = 'rule:project_manager_or_admin'
MEMBER = 'rule:project_member_or_admin'
READER = 'rule:project_reader_or_admin'
SERVICE = 'rule:service_or_admin'

_SINCE = '21.0.0'
_REASON = 'The default roles admin, member and reader, and the scope of tokens, took the place of the old rules.'


def deprecated(name, check):
    """The rule that another one took the place of; its overrides still count while the new one is not set."""
    return policy.DeprecatedRule(name=name, check_str=check, deprecated_reason=_REASON, deprecated_since=_SINCE)


_ADMIN_API = deprecated('rule:admin_api', 'is_admin:True')
_ADMIN_OR_OWNER = deprecated('rule:admin_or_owner', 'is_admin:True or project_id:%(project_id)s')


def rule(name, check, sentence, *operations, replaces=None):
    """A rule of project scope. `operations`: 'METHOD /path' each.

    `replaces`: the rule it took the place of, as a name or as `deprecated(...)`.
    """
    old = replaces
    if isinstance(replaces, str):
        old = deprecated(replaces, 'rule:admin_api' if check == ADMIN else 'rule:admin_or_owner')
    return policy.DocumentedRuleDefault(
        name=name, check_str=check, description=sentence, scope_types=['project'], deprecated_rule=old,
        operations=[dict(zip(('method', 'path'), operation.split(' ', 1), strict=True)) for operation in operations])


RULES = [
    policy.RuleDefault('context_is_admin', 'role:admin', 'Who counts as an administrator.', deprecated_rule=_ADMIN_API),
    policy.RuleDefault(
        'admin_or_owner', 'is_admin:True or project_id:%(project_id)s', 'The old default of what projects own.',
        deprecated_for_removal=True, deprecated_reason=_REASON, deprecated_since=_SINCE),
    policy.RuleDefault(
        'admin_api', 'is_admin:True', 'The old default of what administrators do.', deprecated_for_removal=True,
        deprecated_reason=_REASON, deprecated_since=_SINCE),
    policy.RuleDefault('project_manager_api', 'role:manager and project_id:%(project_id)s', 'Managers of a project.',
                       deprecated_rule=_ADMIN_API),
    policy.RuleDefault('project_member_api', 'role:member and project_id:%(project_id)s', 'Members of a project.',
                       deprecated_rule=_ADMIN_OR_OWNER),
    policy.RuleDefault('project_reader_api', 'role:reader and project_id:%(project_id)s', 'Readers of a project.',
                       deprecated_rule=_ADMIN_OR_OWNER),
    policy.RuleDefault('service_api', 'role:service', 'Other services.', deprecated_rule=_ADMIN_API),
    policy.RuleDefault('project_manager_or_admin', 'rule:project_manager_api or rule:context_is_admin',
                       'Managers of a project, and administrators.', deprecated_rule=_ADMIN_API),
    policy.RuleDefault('project_member_or_admin', 'rule:project_member_api or rule:context_is_admin',
                       'Members of a project, and administrators.', deprecated_rule=_ADMIN_OR_OWNER),
    policy.RuleDefault('project_reader_or_admin', 'rule:project_reader_api or rule:context_is_admin',
                       'Readers of a project, and administrators.', deprecated_rule=_ADMIN_OR_OWNER),
    policy.RuleDefault('service_or_admin', 'rule:service_api or rule:context_is_admin',
                       'Other services, and administrators.', deprecated_rule=_ADMIN_API),
]
