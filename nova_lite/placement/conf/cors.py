# SPDX-License-Identifier: Apache-2.0
"""`[cors]`: which other sites' pages may call the service; the options of oslo.middleware's filter."""

from oslo_config import cfg

GROUP = 'cors'
OPTS = [
    cfg.ListOpt('allowed_origin', help="""
Origins whose pages may call the service, each with its scheme and without a slash at its end:
`https://horizon.example.com`. Empty: none, and the filter is not there.
"""),
    cfg.BoolOpt('allow_credentials', default=True, help="""
Whether a page may send the user's credentials with a call.
"""),
    cfg.ListOpt('expose_headers', default=[], help="""
Headers of an answer that a page may read, beside the simple ones.
"""),
    cfg.IntOpt('max_age', default=3600, help="""
For how many seconds a browser may remember what it was allowed.
"""),
    cfg.ListOpt('allow_methods', default=['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'PATCH'], help="""
Methods that a page of an allowed origin may use.
"""),
    cfg.ListOpt('allow_headers', default=[], help="""
Headers that a page may send; `openstack-api-version` and `x-auth-token` are those of the Placement API.
"""),
]
