# SPDX-License-Identifier: Apache-2.0
"""Every option of nova.conf, one file per group; `new()` makes a fresh set of them.

Nothing here reads a global: whoever needs options is handed the ConfigOpts. Placement has its own (`placement.conf`).
"""

import os
import re

from oslo_config import cfg
from oslo_log import log

from nova_lite import errors
from nova_lite.conf import (
    api,
    base,
    compute,
    conductor,
    database,
    fake,
    glance,
    keystone,
    libvirt,
    orders,
    placement,
    quota,
    scheduler,
    service_user,
    vnc,
)

# How oslo.config writes where a value comes from.
_PLACE = re.compile(r"LocationInfo\(location=.*?, detail='([^']*)'\)")
_GROUPS = (
    base, api, compute, conductor, database, fake, glance, keystone, libvirt, orders, placement, quota, scheduler,
    service_user, vnc,
)
_LOG_LEVELS = (
    'amqp=WARN', 'oslo.messaging=INFO', 'oslo_messaging=INFO', 'kombu=WARN', 'keystoneauth=WARN',
    'keystonemiddleware=WARN', 'requests=WARN', 'stevedore=WARN', 'urllib3=WARN', 'sqlalchemy=WARN', 'alembic=WARN',
)


class ConfigurationError(errors.Invalid):
    """The configuration cannot be read, or a value in it is wrong."""

    message = 'The configuration is invalid.'


def register_opts(conf):
    """Register every group of ours, and logging, on `conf`."""
    log.register_options(conf)
    log.set_defaults(default_log_levels=list(_LOG_LEVELS))
    for group in _GROUPS:
        group.register_opts(conf)


def new(args=None, prog=None, config_files=None, config_dirs=None):
    """A fresh, parsed ConfigOpts.

    `args`: the command line after the program's name (None: empty). `config_files`, `config_dirs`: what is read when
    the command line names none; None means the usual places (`/etc/nova/nova.conf`, `/etc/nova/nova.conf.d`), an
    empty list nothing at all. Raises ConfigurationError; `--help` and a wrong flag end the process, as argparse does.
    """
    conf = cfg.ConfigOpts()
    register_opts(conf)
    try:
        conf(
            [] if args is None else args, project='nova', prog=prog,
            default_config_files=config_files, default_config_dirs=config_dirs,
        )
        _check(conf)
    except cfg.Error as error:
        raise ConfigurationError(_PLACE.sub(r'\1', str(error))) from error
    return conf


def from_command_line(arguments, prog):
    """As `new`, for a command: what is wrong ends the process with one line on its standard error and the code 1."""
    try:
        return new(arguments, prog=prog)
    except ConfigurationError as error:
        raise SystemExit(f'{prog}: {error}') from None


def _check(conf):
    # oslo.config looks at a value when it is asked for it: better now than in the middle of something.
    for name in conf:
        if isinstance(conf[name], cfg.ConfigOpts.GroupAttr):
            for option in conf[name]:
                conf[name][option]


def files_from_environment(environ=None):
    """(config_files, config_dirs) for `new()` as `OS_NOVA_CONFIG_DIR` and `OS_NOVA_CONFIG_FILES` say.

    The first names a folder, the second files in it (`;` between them, default `nova.conf`). Without the first:
    (None, None), the usual places. This is how an application under a foreign WSGI server finds its options.
    """
    environ = os.environ if environ is None else environ
    folder = environ.get('OS_NOVA_CONFIG_DIR', '').strip()
    names = environ.get('OS_NOVA_CONFIG_FILES', '').strip()
    if not folder and not names:
        return None, None
    folder = folder or '/etc/nova'
    paths = [os.path.join(folder, name.strip()) for name in (names or 'nova.conf').split(';') if name.strip()]
    present = [path for path in paths if os.path.exists(path)]
    if not present:
        raise ConfigurationError('No configuration file found at ' + ', '.join(paths) + '.')
    extra = os.path.join(folder, 'nova.conf.d')
    return present, [extra] if os.path.isdir(extra) else []


def list_opts():
    """(group, options) pairs for oslo.config's sample generator."""
    return [(name, options) for group in _GROUPS for name, options in group.list_opts()]
