# SPDX-License-Identifier: Apache-2.0
"""nova-status upgrade check: is this deployment fit to run this release? Output and exit codes are Nova's.

0: yes; 1: look at the warnings; 2: something has to be done first; 255: the check itself broke.
"""

import functools
import sys

from oslo_config import cfg
from oslo_upgradecheck import common_checks, upgradecheck

from nova_lite import conf as conf_module
from nova_lite import errors
from nova_lite.clients.http import Http, check
from nova_lite.db import cells, migrate, services
from nova_lite.manage.command import options_first

# What our placement client asks for at most.
NEEDED_PLACEMENT = (1, 39)

_Result, _Code = upgradecheck.Result, upgradecheck.Code


class Checks(upgradecheck.UpgradeCommands):
    """Every check; each returns a Result and raises nothing that a wrong deployment may cause."""

    def __init__(self, conf):
        super().__init__()
        self._conf = conf

    @functools.cached_property
    def _cells(self):
        return cells.Cells.from_conf(self._conf)

    def databases(self):
        """The api database answers and has the newest schema."""
        return _guarded(lambda: self._behind(self._cells.api, 'api', 'nova-manage api_db sync'))

    def cells(self):
        """So does every cell's."""
        def look():
            for _, database in self._cells.items():
                problem = self._behind(database, 'cell', 'nova-manage db sync')
                if problem:
                    return problem
        return _guarded(look)

    def placement(self):
        """Placement answers, and is new enough."""
        def look():
            answer = check(Http(self._conf, 'placement').request('GET', '/'), 'placement').decode()
            newest = max((version.get('max_version') or '0.0' for version in answer.get('versions', [])),
                         key=_number, default='0.0')
            if _number(newest) < NEEDED_PLACEMENT:
                return f'Placement API version {_text(NEEDED_PLACEMENT)} is needed, and {newest} is offered.'
        return _guarded(look)

    def computes(self):
        """There is a nova-compute, and one of them is up."""
        def look():
            with self._cells.get().read() as tx:
                return services.list(tx, down_after=self._conf.service_down_time, binary='nova-compute')
        try:
            found = look()
        except Exception as error:  # noqa: BLE001  whatever the database says is the result of a check
            return _Result(_Code.FAILURE, _say(error))
        if not found:
            return _Result(_Code.WARNING, 'There is no nova-compute yet: no server can be started.')
        if not any(row.up for row in found):
            return _Result(_Code.WARNING, f'None of {len(found)} nova-compute services is up.')
        return _Result(_Code.SUCCESS)

    def policy_file(self):
        """The policy file is not JSON, which oslo.policy will stop to read."""
        return common_checks.check_policy_json(self, self._conf)

    def service_user(self):
        """Long operations act for users whose token may have expired: that needs a service token."""
        if self._conf.api.auth_strategy == 'keystone' and not self._conf.service_user.send_service_user_token:
            return _Result(_Code.FAILURE, 'Service user token configuration is required for all Nova services: set '
                                          '[service_user] send_service_user_token and the credentials beside it.')
        return _Result(_Code.SUCCESS)

    def _behind(self, database, schema, remedy):
        found, newest = migrate.version(database, schema), migrate.newest(schema)
        if found != newest:
            return f'The schema {schema!r} is at version {found}, not {newest}: run "{remedy}".'

    _upgrade_checks = (
        ('API Database', databases),
        ('Cells v2', cells),
        ('Placement API', placement),
        ('Compute Services', computes),
        ('Policy File JSON to YAML Migration', policy_file),
        ('Service User Token Configuration', service_user),
    )


def main(argv=None):
    """Run `upgrade check [--json]`; the exit code."""
    options, words = options_first(sys.argv[1:] if argv is None else argv)
    conf = cfg.ConfigOpts()
    conf_module.register_opts(conf)
    return int(upgradecheck.main(conf, 'nova', Checks(conf), argv=[*options, *words]))


def _guarded(look):
    try:
        problem = look()
    except Exception as error:  # noqa: BLE001  whatever a broken deployment raises is the result of a check
        return _Result(_Code.FAILURE, _say(error))
    return _Result(_Code.FAILURE, problem) if problem else _Result(_Code.SUCCESS)


def _say(error):
    return str(error) if isinstance(error, errors.Error) else f'{type(error).__name__}: {error}'


def _number(text):
    return tuple(int(part) for part in text.split('.'))


def _text(number):
    return '.'.join(str(part) for part in number)
