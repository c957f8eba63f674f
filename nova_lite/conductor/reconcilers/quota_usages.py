# SPDX-License-Identifier: Apache-2.0
"""Usage rows that differ from what the project's servers count: corrected while nobody may take or give back."""

import logging

from nova_lite.db import locations, quotas

LOG = logging.getLogger(__name__)


def mend(world):
    """Compare every project's usages with its locations once."""
    with world.cells.api.read() as tx:
        projects = quotas.projects(tx)
    for project_id in projects:
        world.cells.api.transact(_mend_project, project_id)


def _mend_project(tx, project_id):
    usages = quotas.usages_now(tx, project_id)
    counted = locations.sums(tx, project_id)
    for resource, used in usages.items():
        true = counted.get(resource)
        if true is not None and true != used and quotas.set_usage(tx, project_id, resource, used, true):
            LOG.warning('Project %s uses %d %s, not %d as was noted: corrected', project_id, true, resource, used)
