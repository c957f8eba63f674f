# SPDX-License-Identifier: Apache-2.0
"""A report that comes after its server was deleted leaves nothing behind."""

import testtools

from nova_lite import states
from nova_lite.db import guests
from tests.functional.lab import Lab


class LateReportsTest(testtools.TestCase):
    def test_a_deleted_server_gets_no_guest_row(self):
        lab = Lab(hosts=1)
        self.addCleanup(lab.close)
        server = lab.create()
        lab.settle()
        lab.begin('delete', server)
        lab.settle()
        self.assertFalse(lab.database.transact(guests.record, server, 'host1', states.RUNNING, lab.clock.now()))
        with lab.database.read() as tx:
            self.assertIsNone(guests.get(tx, server))
