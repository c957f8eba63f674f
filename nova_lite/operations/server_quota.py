# SPDX-License-Identifier: Apache-2.0
"""Quota of new servers: how many of those asked for fit, taken in the transaction that writes them."""

from nova_lite.db import locations, quota_limits, quotas, server_groups
from nova_lite.db.quotas import UNLIMITED, QuotaExceeded

_COUNTED = ('instances', 'cores', 'ram')
_PLENTY = 10 ** 18


def take(tx, context, one, least, most, limits, user_limits):
    """Take the quota of as many servers as fit, `least` to `most`; how many. Raises QuotaExceeded.

    `one`: what a server counts (`locations.counted`). The limits are the project's, and the asker's in it. The
    project's row of usage is locked from here on: what is counted for the user after that cannot grow.
    """
    project_id = context.project_id
    count = _fitting(quotas.usages(tx, project_id), one, least, most, limits)
    of_user = any(user_limits[resource] != limits[resource] for resource in _COUNTED)
    if of_user:
        used = quota_limits.usage_of_user(tx, project_id, context.user_id)
        count = _fitting(used, one, least, count, user_limits)
    quotas.take(tx, project_id, {resource: amount * count for resource, amount in one.items()}, limits)
    if of_user:
        _fitting(locations.counted_now(tx, project_id, context.user_id), one, count, count, user_limits)
    return count


def _fitting(used, one, least, most, limits):
    count = min([most] + [_room(used, limits, resource) // amount for resource, amount in one.items() if amount])
    if count < least:
        raise _exceeded(used, one, least, most, limits)
    return count


def check_metadata(count, limits):
    """Raise QuotaExceeded for too many metadata items on one server."""
    limit = limits['metadata_items']
    if limit != UNLIMITED and count > limit:
        raise QuotaExceeded(f'Maximum number of metadata items exceeds {limit}')


def check_group(group, count, limits):
    """Raise QuotaExceeded if `count` more members do not fit in a `server_groups.Group`."""
    _check_members(len(group.members) + count, limits)


def _check_members(count, limits):
    limit = limits['server_group_members']
    if limit != UNLIMITED and count > limit:
        raise QuotaExceeded('Quota exceeded, too many servers in group')


def join_group(tx, uuid, server_uuids, limits):
    """Make servers members of a group. Raises GroupNotFound, QuotaExceeded.

    The first member locks the group's row and the count reads what is true then, so that two requests at once cannot
    both see room for the last place.
    """
    for server_uuid in server_uuids:
        server_groups.add_member(tx, uuid, server_uuid)
    _check_members(server_groups.count_members_now(tx, uuid), limits)


def _room(used, limits, resource):
    limit = limits.get(resource, UNLIMITED)
    return _PLENTY if limit == UNLIMITED else max(limit - used.get(resource, 0), 0)


def _exceeded(used, one, least, most, limits):
    over = [resource for resource in sorted(_COUNTED)
            if one[resource] * most > _room(used, limits, resource)]
    asked = {resource: str(amount * most) for resource, amount in one.items()}
    if least != most:
        asked['instances'] = f'{least}-{most}'
    words = [', '.join(text) for text in (
        over, [asked[r] for r in over], [str(used.get(r, 0)) for r in over], [str(limits[r]) for r in over])]
    return QuotaExceeded('Quota exceeded for {0}: Requested {1}, but already used {2} of {3} {0}'.format(*words))
