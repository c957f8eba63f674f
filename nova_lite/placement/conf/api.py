# SPDX-License-Identifier: Apache-2.0
"""`[api]`: who is believed to be who."""

from oslo_config import cfg

GROUP = 'api'
OPTS = [
    cfg.StrOpt('auth_strategy', default='keystone', choices=['keystone', 'noauth2'], deprecated_group='DEFAULT',
               help="""
How a caller proves who it is. `keystone` validates the token of each request through keystonemiddleware, which is set
up in `[keystone_authtoken]`. `noauth2` believes every caller: the token `admin` is an administrator, any other token
`user[:project]` is that user without roles, and the header `x-roles` names roles. Only for tests, benchmarks and a
single machine that nobody else reaches.
"""),
]
