# SPDX-License-Identifier: Apache-2.0
"""[DEFAULT]: what every daemon needs: names, addresses, intervals, stopping."""

import socket

from oslo_config import cfg
from oslo_utils import netutils

OPTIONS = [
    cfg.HostAddressOpt('host', default=socket.gethostname(), sample_default='<current_hostname>', help="""
The name of this host, as services, servers and messages know it. It need not be a DNS name, but it must be the same
after every restart and belong to one nova-compute only.
"""),
    cfg.StrOpt('my_ip', default=netutils.get_my_ipv4(), sample_default='<host_ipv4>', help="""
The address of this host in the management network. Other options take it as their default.
"""),
    cfg.StrOpt('state_path', default='/var/lib/nova', help="""
The folder that holds what must survive a restart: guests' disks, the image cache, the ends of long jobs.
"""),
    cfg.StrOpt('concurrency_backend', default='auto', choices=[
        ('auto', 'The best for this release: threading'),
        ('threading', 'Native threads'),
        ('eventlet', 'Green threads; the standard library is patched before anything else is loaded'),
    ], help="""
What carries the daemons' concurrent work. The environment variable OS_NOVA_CONCURRENCY_BACKEND, where set, wins: it
is known before any file is read.
"""),
    cfg.IntOpt('default_thread_pool_size', default=10, min=1, help="""
How many tasks of its own (timers, steps, reconcilers) one daemon runs at the same time.
"""),
    cfg.IntOpt('report_interval', default=10, min=1, help="""
Seconds between two signs of life of a service. Must be well below service_down_time.
"""),
    cfg.IntOpt('service_down_time', default=60, min=1, help="""
Seconds without a sign of life after which a service counts as down.
"""),
    cfg.IntOpt('graceful_shutdown_timeout', default=60, min=0, help="""
Seconds that a daemon told to stop waits for running work to come to a border. What is left then is taken up again
by another process. 0 waits for ever.
"""),
    cfg.StrOpt('default_availability_zone', default='nova', help="""
The availability zone of every compute host that is in no aggregate with a zone.
"""),
    cfg.StrOpt('default_schedule_zone', help="""
The availability zone of new servers whose request names none. Empty leaves them free to go anywhere.
"""),
    cfg.StrOpt('internal_service_availability_zone', default='internal', help="""
The availability zone shown for services other than nova-compute.
"""),
    cfg.StrOpt('instance_name_template', default='instance-%08x', help="""
The guest's name at the hypervisor. `%x` and `%d` take the server's number, `%(uuid)s` its identity. Changing it
while servers exist orphans their guests.
"""),
]


def register_opts(conf):
    """Register the options of this file on `conf`."""
    conf.register_opts(OPTIONS)


def list_opts():
    """(group, options) pairs of this file."""
    return [('DEFAULT', OPTIONS)]
