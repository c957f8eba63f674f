# SPDX-License-Identifier: Apache-2.0
"""Usages: of a provider, and of a project."""

from nova_lite.placement import errors
from nova_lite.placement.db import allocations as db
from nova_lite.placement.handlers.resource_providers import find
from nova_lite.placement.schemas import usages as schemas

UNKNOWN_TYPE = 'unknown'


def of_provider(call):
    _, provider = find(call, errors.NotFound, 'No resource provider with uuid {uuid} found: '
                                              'No resource provider with uuid {uuid} found')
    call.json({'resource_provider_generation': provider.generation,
               'usages': {name: inventory.used for name, inventory in provider.inventories.items()}})


def of_project(call):
    params = dict(call.pairs)
    project, user = params.get('project_id'), params.get('user_id')
    call.service.policy.check(call.identity, 'placement:usages', {'project_id': project})
    call.query(schemas.LIST.at(call.version))
    if not call.since(38):
        rows = call.service.database.read(lambda conn: db.usage_of_project(conn, project, user))
        call.json({'usages': {row.name: int(row.used) for row in rows}})
        return
    rows, counts = call.service.database.read(lambda conn: db.usage_by_type(conn, project, user))
    call.json({'usages': _by_type(rows, counts, params.get('consumer_type'))})


def _by_type(rows, counts, wanted):
    usages = {}
    for kind, name, used in rows:
        shown = kind or UNKNOWN_TYPE
        if wanted == 'all':
            shown = 'all'
        elif wanted is not None and shown != wanted:
            continue
        group = usages.setdefault(shown, {})
        group[name] = group.get(name, 0) + int(used)
    for shown, group in usages.items():
        group['consumer_count'] = sum(
            count for kind, count in counts.items() if shown in ('all', kind or UNKNOWN_TYPE))
    return usages
