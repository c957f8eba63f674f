# SPDX-License-Identifier: Apache-2.0
"""[quota]: what a project may use where nobody said otherwise. -1 means as much as it likes."""

from oslo_config import cfg


def _limit(name, default, what, old=True):
    return cfg.IntOpt(
        name, default=default, min=-1, help=f'\nThe most {what}. -1 sets no limit.\n',
        deprecated_opts=[cfg.DeprecatedOpt(f'quota_{name}', group='DEFAULT')] if old else None,
    )


OPTIONS = [
    _limit('instances', 10, 'servers a project has'),
    _limit('cores', 20, 'virtual processors the servers of a project have together'),
    _limit('ram', 51200, 'MiB of memory the servers of a project have together'),
    _limit('metadata_items', 128, 'metadata items on one server'),
    _limit('injected_files', 5, 'files injected into one server'),
    _limit('injected_file_content_bytes', 10240, 'bytes in one injected file'),
    _limit('injected_file_path_length', 255, 'bytes in the path of an injected file'),
    _limit('key_pairs', 100, 'key pairs a user has'),
    _limit('server_groups', 10, 'server groups a project has'),
    _limit('server_group_members', 10, 'servers in one server group'),
    cfg.StrOpt('driver', default='nova.quota.DbQuotaDriver', choices=[
        ('nova.quota.DbQuotaDriver', 'Limits and usages are kept in the api database'),
        ('nova.quota.NoopQuotaDriver', 'Nothing is limited'),
    ], help="""
What keeps the quotas.
"""),
]


def register_opts(conf):
    """Register the options of this file on `conf`."""
    conf.register_opts(OPTIONS, group='quota')


def list_opts():
    """(group, options) pairs of this file."""
    return [('quota', OPTIONS)]
