# SPDX-License-Identifier: Apache-2.0
"""What a list of servers is asked for: which filters and sort keys count for whom, as values for `db.server_lists`."""

from oslo_utils import strutils

from nova_lite import errors, states
from nova_lite.api import microversions as mv
from nova_lite.api import pagination
from nova_lite.api.handlers.instance_actions import changes
from nova_lite.api.schemas import servers as schemas
from nova_lite.policies import servers as rules

_PAGING = ('sort_key', 'sort_dir', 'limit', 'marker')
_ADMIN_SORT_KEYS = ('host', 'node')

# Filters that everybody may use, by the version that gave them.
_FOR_ALL = {
    mv.FIRST: ('reservation_id', 'name', 'status', 'image', 'flavor', 'ip', 'changes-since', 'all_tenants'),
    mv.SERVER_FILTER_IP6_FOR_ALL: ('ip6',),
    mv.SERVER_TAGS: schemas.TAG_PARAMS,
    mv.CHANGES_BEFORE: ('changes-before',),
    mv.LOCK_REASON: ('locked',),
    mv.SERVER_FILTERS_FOR_ALL: ('availability_zone', 'config_drive', 'key_name', 'created_at', 'launched_at',
                                'terminated_at', 'power_state', 'task_state', 'vm_state', 'progress', 'user_id'),
    mv.SERVER_HOSTNAME: ('hostname',),
}


def read(req, rule_of_all):
    """(filters, whether all projects are asked for). Raises Invalid, Forbidden.

    A filter that the asker may not use is ignored, as in Nova. An unknown status gives `status` [].
    """
    given = _allowed(req)
    for name in given:
        if name in schemas.JOINED_PARAMS or name.startswith('_'):
            raise errors.Invalid(f'Invalid filter field: {name}.')
    all_projects = _all_projects(given)
    if all_projects:
        req.authorize(rule_of_all)
    else:
        given.pop('tenant_id', None)
    given.pop('all_tenants', None)
    filters = {name: value for name, value in given.items() if name not in _CONVERTED}
    filters |= _times(req, given) | _booleans(req, given) | _tags(req, given) | _status(req)
    if not all_projects:
        if req.context.project_id:
            filters['project_id'] = req.context.project_id
        else:
            filters['user_id'] = req.context.user_id
    return filters, all_projects


_CONVERTED = ('status', 'changes-since', 'changes-before', 'deleted', 'soft_deleted', 'locked', *schemas.TAG_PARAMS)


def sorting(req):
    """The sort keys and directions that are asked for, without those that are only tolerated. Raises Forbidden."""
    ignored = set(schemas.IGNORED_SORT_KEYS)
    if req.version >= mv.LOCK_REASON:
        ignored.discard('locked')
    found = []
    for key, direction in pagination.sorting(req, 'created_at', 'desc'):
        if key in _ADMIN_SORT_KEYS and not req.context.is_admin:
            raise errors.Forbidden(f'Only administrators can sort servers by {key}')
        if key not in ignored:
            found.append((key, direction))
    return tuple(found)


def is_plain(req):
    """Whether nothing is asked that could not be answered of servers whose cell is down: no filter, page or order."""
    return not set(req.query) - {'all_tenants'}


def _allowed(req):
    given = {name: values[-1] for name, values in req.query.items() if name not in _PAGING}
    if req.allows(rules.ALL_FILTERS):
        return given
    open_to_all = {name for version, names in _FOR_ALL.items() if req.version >= version for name in names}
    return {name: value for name, value in given.items() if name in open_to_all}


def _all_projects(given):
    value = given.get('all_tenants')
    if not value:
        return 'all_tenants' in given
    return _boolean(value)


def _boolean(value):
    try:
        return strutils.bool_from_string(value, strict=True)
    except ValueError as error:
        raise errors.Invalid(str(error)) from error


def _times(req, given):
    since, before = changes(req)
    found = {'changes-since': since, 'changes-before': before}
    return {name: time for name, time in found.items() if time is not None and name in given}


def _booleans(req, given):
    found = {}
    if 'locked' in given:
        found['locked'] = _boolean(given['locked'])
    if 'deleted' in given:
        found['deleted'] = strutils.bool_from_string(given['deleted'], default=False)
    elif 'changes-since' not in given and 'changes-before' not in given:
        found['deleted'] = False
    if 'soft_deleted' in given:
        found['soft_deleted'] = strutils.bool_from_string(given['soft_deleted'], default=False)
    if _only_deleted(req):
        if not req.context.is_admin:
            raise errors.Forbidden('Only administrators may list deleted instances')
        found['deleted'] = True
    return found


def _tags(req, given):
    return {name: given[name].split(',') for name in schemas.TAG_PARAMS if name in given}


def _status(req):
    asked = req.query.get('status')
    if asked is None:
        return {}
    known = [status for status in asked if states.states_of_status(status.upper())]
    if not known and req.version >= mv.SERVER_FILTER_STATUS_CHECKED:
        raise errors.Invalid('Invalid status value')
    return {'status': known}


def _only_deleted(req):
    asked = req.query.get('status', ())
    return bool(asked) and all(status.upper() == 'DELETED' for status in asked)
