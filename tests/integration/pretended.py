# SPDX-License-Identifier: Apache-2.0
"""One real cloud with pretended guests for every test that wants one: started once, removed when the process ends."""

import functools
import os

from tests.integration import parts

# Long enough that something is always under way when a daemon is killed.
_FAKE = """[fake]
latency = 1.0
"""


@functools.cache
def cloud():
    """Three computes, two conductors, two schedulers, two workers of each API; MariaDB, RabbitMQ, Keystone, Glance."""
    if os.getuid() != 0:
        parts.missing('only root may run the full cloud')
    found = parts.Cloud(MODE='full', DRIVER='fake', COMPUTES='3', CONDUCTORS='2', SCHEDULERS='2')
    folder = found.layout.etc / 'nova' / 'nova.conf.d'
    folder.mkdir(parents=True)
    (folder / 'pretended.conf').write_text(_FAKE)
    found.run()
    return found
