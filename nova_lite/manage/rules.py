# SPDX-License-Identifier: Apache-2.0
"""nova-policy: which rules there are, and which of them let an asker through. Reads policy files, asks no service.

Who asks is said by `--os-roles`, `--os-user-id` and `--os-tenant-id`, or OS_ROLES, OS_USER_ID and OS_TENANT_ID.
"""

import os

from nova_lite import context, errors, policies
from nova_lite.db import servers
from nova_lite.manage.command import FAILED, Answer, Command, Table, argument, say
from nova_lite.policies.enforcer import Enforcer

# What may be said of a target; a server is looked up for its project and user.
_TARGETS = {'project_id': 'project_id', 'user_id': 'user_id', 'quota_class': 'quota_class',
            'availability_zone': 'availability_zone'}


class UnknownTarget(errors.Invalid):
    """A target that nothing can be looked up for."""


def check(cloud, api_name, target, os_roles, os_user_id, os_tenant_id):
    """The rules that let the asker through, of those whose name contains `api_name`; 1 if none has such a name."""
    names = [rule.name for rule in policies.list_rules() if api_name is None or api_name in rule.name]
    if not names:
        return say(f'No policy rule has {api_name!r} in its name.', code=FAILED)
    enforcer = Enforcer(cloud.conf)
    asker = context.RequestContext(
        user_id=os_user_id, project_id=os_tenant_id, roles=[role for role in (os_roles or '').split(',') if role])
    asker.is_admin = enforcer.is_admin(asker)
    wanted = _target(cloud, target)
    return Answer(tuple(sorted(name for name in names if enforcer.allows(asker, name, wanted))))


def list_rules(cloud, api_name):
    """Every rule with its default."""
    rows = [(rule.name, rule.check_str, ', '.join(rule.scope_types or ()) or None)
            for rule in sorted(policies.list_rules(), key=lambda rule: rule.name)
            if api_name is None or api_name in rule.name]
    return Answer((Table(('Rule', 'Default', 'Scope'), rows),))


def _target(cloud, pairs):
    found = {}
    for pair in pairs or ():
        name, _, value = pair.partition('=')
        if name == 'instance_id':
            found |= _of_server(cloud, value)
        elif name in _TARGETS and value:
            found[_TARGETS[name]] = value
        else:
            raise UnknownTarget(f'{pair!r} is no target: say NAME=VALUE with one of instance_id, '
                                f'{", ".join(sorted(_TARGETS))}.')
    return found or None


def _of_server(cloud, uuid):
    with cloud.cells.get().read() as tx:
        server = servers.get(tx, uuid)
    if server is None:
        raise UnknownTarget(f'Instance {uuid} could not be found.')
    return {'project_id': server.project_id, 'user_id': server.user_id}


_API_NAME = argument('--api-name', metavar='<name>', help='Only rules whose name contains this.')
COMMANDS = (
    Command('policy', 'check', 'Print the rules that let the asker through.', check, (
        _API_NAME,
        argument('--target', metavar='<NAME=VALUE>', nargs='+',
                 help='What is acted on: instance_id, project_id, user_id, quota_class, availability_zone.'),
        argument('--os-roles', metavar='<auth-roles>', default=os.environ.get('OS_ROLES'), help='env[OS_ROLES]'),
        argument('--os-user-id', metavar='<auth-user-id>', default=os.environ.get('OS_USER_ID'),
                 help='env[OS_USER_ID]'),
        argument('--os-tenant-id', metavar='<auth-tenant-id>', default=os.environ.get('OS_TENANT_ID'),
                 help='env[OS_TENANT_ID]'))),
    Command('policy', 'list', 'List the rules and their defaults.', list_rules, (_API_NAME,)),
)
