# SPDX-License-Identifier: Apache-2.0
"""What operations cost the conductor in SQL statements, when nothing goes wrong. More than that needs a reason."""

from tests.fakes.database import counted
from tests.functional.workflows.case import LabCase

# Statements of the conductor alone, from the wake-up to the end, without those that begin or end transactions.
MOST = {'build': 17, 'stop': 11, 'start': 13, 'reboot': 14, 'reboot_hard': 14, 'delete': 21}


class Cost(LabCase):
    def cost(self, order):
        with counted(self.lab.database) as said:
            self.lab.conductor.engine.wake('', order)
            self.lab.executor.run_until(self.lab.is_idle, 0.0)
        # `is_idle` asks once for each piece of work that was run.
        mine = [text for text in said if not any(mark in text for mark in (
            'ORDER BY orders.id DESC', 'lease_until', 'UPDATE services'))]
        self.assertTrue(self.lab.is_idle())
        return len(mine), '\n'.join(mine)

    def test_every_operation(self):
        server = self.lab.create(cast=False)
        found = {'build': self.cost(self.order(server).id)}
        for operation in ('stop', 'start', 'reboot', 'reboot_hard', 'delete'):
            found[operation] = self.cost(self.lab.begin(operation, server, cast=False))
        for operation, (cost, said) in found.items():
            self.assertLessEqual(cost, MOST[operation], f'{operation}:\n{said}')
