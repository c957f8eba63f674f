# SPDX-License-Identifier: Apache-2.0
"""`[placement_database]`: where the state is."""

from oslo_config import cfg

GROUP = 'placement_database'
OPTS = [
    cfg.StrOpt('connection', secret=True, help="""
SQLAlchemy URL of the database: `sqlite:////var/lib/placement/placement.sqlite`,
`mysql+pymysql://user:secret@host/placement?charset=utf8mb4` or `postgresql+psycopg2://user:secret@host/placement`.
The service does not start without it.
"""),
    cfg.StrOpt('connection_parameters', default='', help="""
More parameters for the URL, `name=value` joined by `&`.
"""),
    cfg.BoolOpt('sqlite_synchronous', default=True, help="""
Whether SQLite waits until each commit is on the disk. Without it a loss of power may lose the last commits.
"""),
    cfg.StrOpt('slave_connection', secret=True, help="""
Accepted for compatibility and not used: a replica may lag, and every answer has to show what was acknowledged.
"""),
    cfg.StrOpt('mysql_sql_mode', default='TRADITIONAL', help="""
The SQL mode set in each MySQL or MariaDB session; empty leaves the server's own.
"""),
    cfg.IntOpt('connection_recycle_time', default=3600, help="""
Connections older than this many seconds are replaced when they are taken from the pool.
"""),
    cfg.IntOpt('max_pool_size', default=5, help="""
Connections that each worker keeps open; 0 means no bound.
"""),
    cfg.IntOpt('max_retries', default=10, help="""
How often reaching the database is tried at start; -1 waits for ever.
"""),
    cfg.IntOpt('retry_interval', default=10, help="""
Seconds between two attempts to reach the database at start.
"""),
    cfg.IntOpt('max_overflow', default=50, help="""
Connections that each worker may open above `max_pool_size` while it is busy.
"""),
    cfg.IntOpt('connection_debug', default=0, min=0, max=100, help="""
From 50 on the statements are logged, at 100 also their results.
"""),
    cfg.BoolOpt('connection_trace', default=False, help="""
Accepted for compatibility and not used.
"""),
    cfg.IntOpt('pool_timeout', default=30, help="""
Seconds that a request waits for a free connection.
"""),
    cfg.BoolOpt('sync_on_startup', default=False, help="""
Bring the schema up to date when a worker starts, as `placement-manage db sync` does.
"""),
]
