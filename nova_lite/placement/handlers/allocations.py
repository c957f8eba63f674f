# SPDX-License-Identifier: Apache-2.0
"""Allocations: of a consumer, of a provider, of many consumers at once."""

from nova_lite.placement import errors, validation
from nova_lite.placement.context import NOW
from nova_lite.placement.db import allocations as db
from nova_lite.placement.handlers.usages import UNKNOWN_TYPE
from nova_lite.placement.objects import allocations as objects
from nova_lite.placement.schemas import allocations as schemas


def of_consumer(call):
    rows = call.service.database.read(lambda conn: db.of_consumer(conn, call.path['consumer_uuid']))
    allocations = {}
    for row in rows:
        entry = allocations.setdefault(row.uuid, {'resources': {}, 'generation': row.generation})
        entry['resources'][row.name] = row.used
    answer = {'allocations': allocations}
    if rows and call.since(12):
        answer['project_id'] = rows[0].project_id
        answer['user_id'] = rows[0].user_id
        if call.since(28):
            answer['consumer_generation'] = rows[0].consumer_generation
        if call.since(38):
            answer['consumer_type'] = rows[0].consumer_type or UNKNOWN_TYPE
    call.json(answer, modified=max((row.modified_at for row in rows), default=None) or NOW)


def of_provider(call):
    uuid = call.path['uuid']
    found = call.service.database.read(lambda conn: db.of_provider(conn, uuid))
    if found is None:
        raise errors.NotFound(f"Resource provider '{uuid}' not found: No resource provider with uuid {uuid} found")
    generation, rows = found
    allocations = {}
    for row in rows:
        entry = allocations.setdefault(row.uuid, {'resources': {}})
        entry['resources'][row.name] = row.used
        if call.since(28):
            entry['consumer_generation'] = row.generation
    call.json({'allocations': allocations, 'resource_provider_generation': generation},
              modified=max((row.modified_at for row in rows), default=None) or NOW)


def replace(call):
    consumer = call.path['consumer_uuid']
    if not validation.is_uuid(consumer):
        raise errors.BadRequest(f'Malformed consumer_uuid: {consumer}')
    data = call.body(schemas.REPLACE.at(call.version))
    if not call.since(12):
        data['allocations'] = {entry['resource_provider']['uuid']: entry for entry in data['allocations']}
    consumer = validation.normal_uuid(consumer)
    _write(call, [make_claim(call, consumer, data)], f' for consumer {consumer}:')


def replace_many(call):
    data = call.body(schemas.REPLACE_MANY.at(call.version))
    _write(call, make_claims(call, data), '')


def delete(call):
    consumer = call.path['consumer_uuid']
    objects.delete(call.service.database, consumer)
    call.empty()


def make_claims(call, data):
    """One claim for each consumer of a body. Raises BadRequest."""
    claims = {}
    for uuid, entry in data.items():
        uuid = validation.normal_uuid(uuid) if validation.is_uuid(uuid) else uuid
        if uuid in claims:
            raise errors.BadRequest(f'JSON does not validate: consumer {uuid} is named twice')
        claims[uuid] = make_claim(call, uuid, entry)
    return list(claims.values())


def make_claim(call, consumer, data):
    options = call.service.conf.placement
    kind = call.service.consumer_types.id_of(data['consumer_type']) if call.since(38) else None
    allocations = {uuid: {name: int(amount) for name, amount in entry['resources'].items()}
                   for uuid, entry in data['allocations'].items()}
    generation = data['consumer_generation'] if call.since(28) else objects.ANY
    return objects.Claim(
        consumer, allocations, data.get('project_id', options.incomplete_consumer_project_id),
        data.get('user_id', options.incomplete_consumer_user_id), generation, kind)


def _write(call, claims, whose):
    try:
        objects.replace(call.service.database, claims, call.service.conf.placement.allocation_conflict_retry_count)
    except objects.UnknownClass as exc:
        raise errors.BadRequest(f'Unable to allocate inventory{whose} {exc}') from exc
    call.empty()
