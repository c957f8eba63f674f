# SPDX-License-Identifier: Apache-2.0
"""What every section that leads to another service has in common: keystoneauth1's session, adapter and login."""

from keystoneauth1 import loading


def register(conf, group, service_type, valid_interfaces=('internal', 'public')):
    """Register how `service_type` is found and reached; None registers the session only.

    The options of the login depend on `auth_type`; keystoneauth1 registers them when the login is loaded.
    """
    conf.register_opts(loading.get_session_conf_options(), group=group)
    conf.register_opts(loading.get_auth_common_conf_options(), group=group)
    if service_type is not None:
        conf.register_opts(loading.get_adapter_conf_options(include_deprecated=False), group=group)
        conf.set_default('service_type', service_type, group=group)
        conf.set_default('valid_interfaces', list(valid_interfaces), group=group)


def options(service_type):
    """The options that `register` registers, for `list_opts`."""
    found = {}
    lists = [loading.get_session_conf_options(), loading.get_auth_common_conf_options(),
             loading.get_auth_plugin_conf_options('v3password')]
    if service_type is not None:
        lists.append(loading.get_adapter_conf_options(include_deprecated=False))
    for option in (option for several in lists for option in several):
        found.setdefault(option.dest, option)
    return list(found.values())
