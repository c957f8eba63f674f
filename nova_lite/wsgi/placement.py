# SPDX-License-Identifier: Apache-2.0
"""`application`: placement under any WSGI server.

It reads `placement.conf` in the folder OS_PLACEMENT_CONFIG_DIR, `/etc/placement` by default, when the first request
comes.
"""

import os
import pathlib

from nova_lite.placement import app, conf
from nova_lite.service import logs


def _read_conf():
    folder = pathlib.Path(os.environ.get('OS_PLACEMENT_CONFIG_DIR', '/etc/placement'))
    config = conf.new(default_config_files=[str(folder / 'placement.conf')])
    logs.setup(config, 'placement')
    return config


application = app.lazy_app(_read_conf)
