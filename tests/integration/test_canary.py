# SPDX-License-Identifier: Apache-2.0
"""Canaries: a token, passwords and user data go through a real cloud, and are in no log and no journal afterwards."""

import base64
import subprocess

import sqlalchemy as sa
import testtools

from nova_lite.db.models import cell as models
from tests.integration import chaos, pretended

USER_DATA = base64.b64encode(b'#!/bin/sh\n# canary-user-data-5f3a\n').decode()
PASSWORD = 'canary-password-91c2'


class CanaryTest(testtools.TestCase):
    def test_no_secret_is_written_down(self):
        cloud = pretended.cloud()
        crowd = chaos.Crowd(cloud, 'canary', 2)
        crowd.create(crowd.flavor('m1.tiny'), crowd.image(), user_data=USER_DATA, adminPass=PASSWORD)
        servers = crowd.wait(
            lambda all_: len(all_) == 2 and {one['status'] for one in all_.values()} == {'ACTIVE'}, 120)
        crowd.delete(servers)
        crowd.wait(lambda all_: not all_, 120)

        secrets = {USER_DATA, 'canary-user-data', PASSWORD, crowd.token,
                   *(cloud.layout.secret(name) for name in ('admin', 'nova', 'placement', 'glance', 'orders'))}
        written = subprocess.run(['grep', '-rFl', *(word for secret in secrets for word in ('-e', secret)),
                                  str(cloud.layout.log)], capture_output=True, text=True, check=False)
        self.assertEqual((1, ''), (written.returncode, written.stdout), 'these logs hold a secret')

        engine = sa.create_engine(cloud.url('nova'))
        self.addCleanup(engine.dispose)
        with engine.connect() as tx:
            for table in (models.orders, models.order_steps, models.server_faults):
                for row in tx.execute(sa.select(sa.text('*')).select_from(table)).mappings():
                    for column, value in row.items():
                        held = [secret for secret in secrets if secret in str(value)]
                        self.assertEqual([], held, f'{table.name}.{column} holds a secret')
            orders = models.orders
            kept = sa.select(orders.c.id).where(orders.c.state == 'done', orders.c.secrets.is_not(None))
            self.assertEqual([], tx.execute(kept).all(), 'closed orders keep what they had sealed')
