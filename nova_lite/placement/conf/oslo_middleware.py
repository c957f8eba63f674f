# SPDX-License-Identifier: Apache-2.0
"""`[oslo_middleware]`: what is believed about a proxy in front of the service."""

from oslo_config import cfg

GROUP = 'oslo_middleware'
OPTS = [
    cfg.BoolOpt('enable_proxy_headers_parsing', default=False, help="""
Whether the headers Forwarded and X-Forwarded-* say which address and scheme the caller used. Only behind a proxy
that sets them: a caller could send them too.
"""),
]
