# SPDX-License-Identifier: Apache-2.0
"""`[placement_api]`: the web server that the command `placement-api` brings; unused under another WSGI server."""

from oslo_config import cfg

GROUP = 'placement_api'
OPTS = [
    cfg.HostAddressOpt('listen', default='127.0.0.1', help='The address that the server listens on.'),
    cfg.PortOpt('listen_port', default=8778, help='The port that the server listens on.'),
    cfg.IntOpt('workers', min=1, help='Worker processes; by default one per processor.'),
    cfg.IntOpt('threads', default=8, min=1, help='Requests that one worker serves at the same time.'),
]
