# SPDX-License-Identifier: Apache-2.0
"""Flavors: list, show, create, describe, delete."""

from oslo_utils import strutils

from nova_lite import errors
from nova_lite.api import microversions, pagination
from nova_lite.api.operation import operation
from nova_lite.api.schemas import flavors as schemas
from nova_lite.api.schemas import types
from nova_lite.api.views import flavors as views
from nova_lite.db import flavors
from nova_lite.policies import flavor_extra_specs as extra_specs_rules
from nova_lite.policies import flavors as rules


@operation(query=schemas.INDEX_QUERY)
def index(req):
    """GET /flavors"""
    found = _page(req, extra_specs=False)
    links = pagination.next_links(req, 'flavors', len(found), lambda: found[-1].flavorid)
    return views.page([views.brief(req, flavor) for flavor in found], links)


@operation(query=schemas.INDEX_QUERY)
def detail(req):
    """GET /flavors/detail"""
    with_specs = _sees_extra_specs(req)
    found = _page(req, extra_specs=with_specs)
    links = pagination.next_links(req, 'flavors/detail', len(found), lambda: found[-1].flavorid)
    return views.page([views.whole(req, flavor, with_specs) for flavor in found], links)


@operation(query=types.NO_QUERY)
def show(req, flavor_id):
    """GET /flavors/{flavor_id}"""
    with req.cells.api.read() as tx:
        flavor = flavors.get(tx, flavor_id, viewer=viewer(req))
    return {'flavor': views.whole(req, flavor, _sees_extra_specs(req))}


@operation(body=schemas.CREATE)
def create(req):
    """POST /flavors"""
    req.authorize(rules.CREATE, {})
    wanted = req.body['flavor']
    values = {
        'name': wanted['name'].strip(),
        'flavorid': _new_id(wanted.get('id')),
        'memory_mb': int(wanted['ram']),
        'vcpus': int(wanted['vcpus']),
        'root_gb': int(wanted['disk']),
        'ephemeral_gb': int(wanted.get('OS-FLV-EXT-DATA:ephemeral', 0)),
        'swap': int(wanted.get('swap', 0)),
        'rxtx_factor': _rxtx_factor(wanted.get('rxtx_factor', 1.0)),
        'is_public': types.is_true(wanted.get('os-flavor-access:is_public', True)),
        'disabled': False,
        'description': wanted.get('description'),
    }
    flavor = req.cells.api.transact(flavors.create, values, req.deps.clock.now())
    return {'flavor': views.whole(req, flavor, _sees_extra_specs(req))}


@operation(since=microversions.FLAVOR_DESCRIPTION, body=schemas.UPDATE)
def update(req, flavor_id):
    """PUT /flavors/{flavor_id}"""
    req.authorize(rules.UPDATE, {})
    flavor = req.cells.api.transact(
        flavors.update, flavor_id, req.deps.clock.now(), description=req.body['flavor']['description'])
    return {'flavor': views.whole(req, flavor, _sees_extra_specs(req))}


@operation(status=202)
def delete(req, flavor_id):
    """DELETE /flavors/{flavor_id}"""
    req.authorize(rules.DELETE, {})
    req.cells.api.transact(flavors.delete, flavor_id)


def viewer(req):
    """The project whose private flavors are seen; None for administrators, who see all."""
    return None if req.context.is_admin else req.context.project_id or ''


def _new_id(wanted):
    """The id asked for, as text; None where the flavor shall be given one."""
    if not wanted:
        return None
    if len(str(wanted)) > 255:
        raise errors.Invalid('Invalid input for field/attribute id. It is longer than 255 characters.')
    return str(wanted)


def _rxtx_factor(value):
    if float(value) <= 0:
        raise errors.Invalid(f'Invalid input for field/attribute rxtx_factor. Value: {value}. It must be above 0.')
    return float(value)


def _sees_extra_specs(req):
    return (req.version >= microversions.FLAVOR_EXTRA_SPECS_SHOWN
            and req.allows(extra_specs_rules.INDEX))


def _page(req, extra_specs):
    marker = pagination.marker(req)
    filters = {'is_public': _is_public(req), 'viewer': req.context.project_id,
               'disabled': None if req.context.is_admin else False,
               'min_memory_mb': _number(req, 'minRam'), 'min_root_gb': _number(req, 'minDisk'),
               'name': req.param('name')}
    with req.cells.api.read() as tx:
        try:
            return flavors.list(tx, **filters, sort_key=req.param('sort_key') or 'flavorid',
                                sort_dir=req.param('sort_dir') or 'asc', marker=marker,
                                limit=pagination.limit(req), extra_specs=extra_specs)
        except flavors.FlavorNotFound as error:
            raise pagination.MarkerNotFound(marker) from error


def _is_public(req):
    """True, False, or None for both; only administrators may ask for private ones."""
    asked = req.param('is_public')
    if asked is None or not req.context.is_admin:
        return True
    if asked.lower() == 'none':
        return None
    try:
        return strutils.bool_from_string(asked, strict=True)
    except ValueError as error:
        raise errors.Invalid(f'Invalid is_public filter [{asked}]') from error


def _number(req, name):
    value = req.param(name)
    if value is None:
        return None
    try:
        # Every flavor is at least as large as any smaller number, and none as large as a larger one.
        return max(min(int(value), types.MOST + 1), -1)
    except ValueError as error:
        raise errors.Invalid(f'Invalid {name} filter [{value}]') from error
