# SPDX-License-Identifier: Apache-2.0
"""The bodies of `placement-manage` and `placement-status`."""

import functools
import os

from oslo_config import cfg
from oslo_log import log

from nova_lite.placement import conf as conf_module
from nova_lite.placement.db import migration
from nova_lite.placement.db.engine import Database
from nova_lite.service import logs

LOG = log.getLogger(__name__)
# The exit codes of OpenStack's upgrade checks.
OK, WARNING, FAILURE = 0, 1, 2


def manage(arguments):
    """`db sync|version|stamp|online_data_migrations`; the exit code. Errors of the database are raised."""
    return _run(arguments, 'placement-manage', 'db', 'Available DB commands', _db_parsers)


def status(arguments):
    """`upgrade check`; the exit code: 0 all is well, 1 a warning, 2 a failure."""
    return _run(arguments, 'placement-status', 'upgrade', 'Available upgrade commands', _upgrade_parsers)


def _run(arguments, prog, name, help_text, add_parsers):
    option = cfg.SubCommandOpt(name, dest='command', title='Command', help=help_text, handler=add_parsers)
    conf = conf_module.read(arguments, prog=prog, cli_opts=[option])
    logs.setup(conf, prog)
    function = getattr(conf.command, 'func', None)
    if function is None:
        conf.print_help()
        return 1
    database = Database(conf.placement_database)
    try:
        return function(conf, database) or 0
    finally:
        database.close()


def _db_parsers(subparsers):
    commands = subparsers.add_parser('db').add_subparsers(description='database commands')
    for name, function, text in (
            ('sync', _sync, 'Bring the schema up to date.'),
            ('version', _version, "Print the schema's version."),
            ('stamp', _stamp, 'Say that the schema has a version, without changing it.'),
            ('online_data_migrations', _migrate_data, 'Move data that a newer version keeps elsewhere.')):
        parser = commands.add_parser(name, help=text, description=text)
        parser.set_defaults(func=function)
        if name == 'stamp':
            parser.add_argument('version', help='the version')
        elif name == 'online_data_migrations':
            parser.add_argument('--max-count', metavar='<number>', help='Move so many objects at most.')


def _upgrade_parsers(subparsers):
    commands = subparsers.add_parser('upgrade').add_subparsers(description='upgrade commands')
    text = 'Check whether the upgrade may go on.'
    commands.add_parser('check', help=text, description=text).set_defaults(func=_check)


def _sync(conf, database):
    database.wait()
    migration.upgrade(database)


def _version(conf, database):
    print(migration.version(database))


def _stamp(conf, database):
    migration.stamp(database, conf.command.version)


def _migrate_data(conf, database):
    count = conf.command.max_count
    if count is not None and (not count.isdigit() or int(count) < 1):
        print('Must supply a positive value for max_count')
        return 127
    # Every version so far keeps its data where the first one had it.
    print('No online data migrations are needed.')
    return 0


def _check(conf, database):
    checks = (('Schema version', functools.partial(_check_schema, database)),
              ('Policy File JSON to YAML Migration', functools.partial(_check_policy, conf)))
    worst = OK
    for name, check in checks:
        code, details = check()
        worst = max(worst, code)
        print(f'{name}: {("Success", "Warning", "Failure")[code]}' + (f'\n    {details}' if details else ''))
    return worst


def _check_schema(database):
    have, want = migration.version(database), migration.head()
    if have == want:
        return OK, ''
    return FAILURE, f'The schema is at {have}, this version needs {want}: run "placement-manage db sync".'


def _check_policy(conf):
    path = conf.find_file(conf.oslo_policy.policy_file)
    if path and os.path.splitext(path)[1] == '.json':
        return FAILURE, f'{path} is JSON: convert it with oslopolicy-convert-json-to-yaml.'
    return OK, ''
