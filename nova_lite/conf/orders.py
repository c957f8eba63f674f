# SPDX-License-Identifier: Apache-2.0
"""[orders]: leases, adoption and patience of long operations. This group is ours: Nova has no such thing."""

from oslo_config import cfg

OPTIONS = [
    cfg.IntOpt('lease_seconds', default=30, min=5, help="""
How long a conductor owns an order without renewing. After that any other conductor may adopt it. Shorter means that
an order whose conductor died goes on sooner, longer that a slow database does less harm.
"""),
    cfg.IntOpt('renew_interval', default=10, min=1, help="""
Seconds between two renewals of the leases of one conductor. At most a third of lease_seconds.
"""),
    cfg.IntOpt('adoption_interval', default=5, min=1, help="""
Seconds between two searches for orders that nobody owns: because their conductor died or their message was lost.
"""),
    cfg.IntOpt('step_deadline', default=1800, min=1, help="""
Seconds that a step whose outcome stays unknown is measured again before the order turns back.
"""),
    cfg.IntOpt('undo_deadline', default=86400, min=1, help="""
Seconds that an undo whose outcome stays unknown is tried again before the order is stuck and waits for its peer or
an operator.
"""),
    cfg.FloatOpt('retry_max_interval', default=10.0, min=0.1, help="""
The longest pause, in seconds, between two measurements of a step whose outcome is unknown. The first pauses are
shorter.
"""),
    cfg.IntOpt('job_silence', default=60, min=1, help="""
Seconds without a report after which the conductor asks a host about a long job.
"""),
    cfg.ListOpt('secret_key', default=[], secret=True, help="""
Keys (Fernet: 32 bytes, URL-safe base64) that encrypt what an open order must remember and nobody may read: the user's
token and an admin password. The first one encrypts, all of them decrypt, so a new key is put first and the old one
removed when no order is open that it encrypted. Every nova-api and nova-conductor needs the same keys. Without a key
nothing is kept, and hosts fetch images with the service's own credentials.
"""),
]


def register_opts(conf):
    """Register the options of this file on `conf`."""
    conf.register_opts(OPTIONS, group='orders')


def list_opts():
    """(group, options) pairs of this file."""
    return [('orders', OPTIONS)]
