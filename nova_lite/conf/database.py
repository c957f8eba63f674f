# SPDX-License-Identifier: Apache-2.0
"""[database] (a cell's) and [api_database]: oslo.db's options under both names."""

import copy

from oslo_db import options

OPTIONS = options.database_opts
API_OPTIONS = copy.deepcopy(options.database_opts)


def register_opts(conf):
    """Register the options of this file on `conf`."""
    conf.register_opts(OPTIONS, group='database')
    conf.register_opts(API_OPTIONS, group='api_database')


def list_opts():
    """(group, options) pairs of this file."""
    return [('database', OPTIONS), ('api_database', API_OPTIONS)]
