# SPDX-License-Identifier: Apache-2.0
"""[DEFAULT] and [api]: where nova-api listens, who may ask, how much one answer holds."""

from oslo_config import cfg

LISTENING = [
    cfg.HostAddressOpt('osapi_compute_listen', default='0.0.0.0', help="""
The address on which the compute API listens.
"""),
    cfg.PortOpt('osapi_compute_listen_port', default=8774, help="""
The port on which the compute API listens.
"""),
    cfg.IntOpt('osapi_compute_workers', min=1, help="""
How many processes answer the compute API. Empty means as many as this machine has processors.
"""),
    cfg.StrOpt('osapi_compute_unique_server_name_scope', default='', choices=[
        ('', 'Names may be used again and again'),
        ('project', 'A name is used once in a project, in any case of letters'),
        ('global', 'A name is used once in the deployment, in any case of letters'),
    ], help="""
Where the name of a server must be unique.
"""),
    cfg.IntOpt('password_length', default=12, min=0, help="""
How many characters a generated administrator password has.
"""),
]

OPTIONS = [
    cfg.StrOpt('auth_strategy', default='keystone', choices=[
        ('keystone', 'Tokens are checked by keystonemiddleware'),
        ('noauth2', 'The token is the user: `user:project`. For tests and benchmarks only'),
    ], help="""
How the asker of a request is found out.
"""),
    cfg.IntOpt('max_limit', default=1000, min=0, help="""
The most items one page of a list holds, whatever the request asks for.
"""),
    cfg.StrOpt('compute_link_prefix', help="""
What replaces scheme, host and first part of the path in the links of answers, for deployments behind a proxy.
"""),
    cfg.BoolOpt('enable_instance_password', default=True, help="""
Whether answers to create, rebuild and rescue hold the administrator's password.
"""),
    cfg.BoolOpt('list_records_by_skipping_down_cells', default=True, help="""
Whether a list leaves out the servers of a cell that does not answer. If not, such a list is an error.
"""),
    cfg.StrOpt('dhcp_domain', default='novalocal', help="""
The domain that is added to a server's host name in its metadata. Empty adds none.
"""),
]


def register_opts(conf):
    """Register the options of this file on `conf`."""
    conf.register_opts(LISTENING)
    conf.register_opts(OPTIONS, group='api')


def list_opts():
    """(group, options) pairs of this file."""
    return [('DEFAULT', LISTENING), ('api', OPTIONS)]
