# SPDX-License-Identifier: Apache-2.0
"""Options of `placement.conf`: Placement's names and defaults. Owns a ConfigOpts of its own, never the global one."""

import os

from oslo_config import cfg
from oslo_log import log
from oslo_policy import opts as policy_opts

from nova_lite.placement.conf import api, cors, database, oslo_middleware, placement, server, workarounds

GROUPS = (api, cors, database, oslo_middleware, placement, server, workarounds)


def new(args=(), default_config_files=None, default_config_dirs=None, **overrides):
    """A fresh ConfigOpts with every option of the service, parsed; `group__option=value` overrides come last.

    Raises oslo_config's errors for a file that cannot be read and for a value that does not fit.
    """
    conf = cfg.ConfigOpts()
    register_opts(conf)
    conf(list(args), project='placement', default_config_files=default_config_files or [],
         default_config_dirs=default_config_dirs or [])
    for name, value in overrides.items():
        group, _, option = name.rpartition('__')
        conf.set_override(option, value, group=group or None)
    return conf


def read(args, prog=None, cli_opts=()):
    """A ConfigOpts as a command reads it: its arguments, then `placement.conf` where none of them names a file.

    That file is looked for in the folder OS_PLACEMENT_CONFIG_DIR, else where OpenStack's services have theirs
    (`/etc/placement`). Raises oslo_config's errors.
    """
    conf = cfg.ConfigOpts()
    register_opts(conf)
    conf.register_cli_opts(cli_opts)
    folder = os.environ.get('OS_PLACEMENT_CONFIG_DIR')
    files = [os.path.join(folder, 'placement.conf')] if folder else None
    conf(list(args), project='placement', prog=prog, default_config_files=files)
    return conf


def register_opts(conf):
    # Groups go by name: an OptGroup object would share its values between all ConfigOpts of the process.
    for module in GROUPS:
        conf.register_opts(module.OPTS, group=module.GROUP)
    log.register_options(conf)
    policy_opts.set_defaults(conf, 'policy.yaml')


def list_opts():
    """For oslo-config-generator."""
    return [(module.GROUP, module.OPTS) for module in GROUPS]
