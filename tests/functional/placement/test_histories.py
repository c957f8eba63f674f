# SPDX-License-Identifier: Apache-2.0
"""Random histories on SQLite."""

import hypothesis
import sqlalchemy as sa
from hypothesis.stateful import run_state_machine_as_test

from nova_lite.placement.db import tables
from tests.functional.placement.base import PlacementTest
from tests.functional.placement.histories import Histories

SETTINGS = hypothesis.settings(max_examples=25, stateful_step_count=25, deadline=None, print_blob=True,
                               suppress_health_check=list(hypothesis.HealthCheck))


class HistoriesTest(PlacementTest):
    """Each history begins with empty tables, and with workers that remember the history before."""

    SETTINGS = SETTINGS

    def test_histories(self):
        apis = [self.api, self.worker()]

        def empty(tx):
            tx.execute(sa.update(tables.resource_providers).values(root_id=None, parent_id=None))
            for name in ('allocations', 'consumers', 'inventories', 'resource_provider_traits', 'resource_providers',
                         'placement_changes', 'placement_lanes'):
                tx.execute(sa.delete(tables.metadata.tables[name]))

        class Machine(Histories):
            def reset(machine):
                self.service.database.write(empty)
                return apis

        run_state_machine_as_test(Machine, settings=self.SETTINGS)
