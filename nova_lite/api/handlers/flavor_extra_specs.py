# SPDX-License-Identifier: Apache-2.0
"""Extra specs of flavors; the known ones are validated since 2.86 (`hardware/extra_specs`)."""

from nova_lite import errors
from nova_lite.api import microversions
from nova_lite.api.handlers import flavors as flavor_handlers
from nova_lite.api.operation import operation
from nova_lite.api.schemas import flavor_extra_specs as schemas
from nova_lite.api.schemas import types
from nova_lite.db import flavors
from nova_lite.hardware import extra_specs
from nova_lite.policies import flavor_extra_specs as rules

_LONGEST = 255


@operation(query=types.NO_QUERY)
def index(req, flavor_id):
    """GET /flavors/{flavor_id}/os-extra_specs"""
    req.authorize(rules.INDEX, {'project_id': req.context.project_id})
    with req.cells.api.read() as tx:
        return {'extra_specs': flavors.get(tx, flavor_id, viewer=flavor_handlers.viewer(req)).extra_specs}


@operation(query=types.NO_QUERY)
def show(req, flavor_id, key):
    """GET /flavors/{flavor_id}/os-extra_specs/{key}"""
    req.authorize(rules.SHOW, {'project_id': req.context.project_id})
    with req.cells.api.read() as tx:
        flavor = flavors.get(tx, flavor_id, viewer=flavor_handlers.viewer(req))
    if key not in flavor.extra_specs:
        raise errors.NotFound(f'Flavor {flavor_id} has no extra specs with key {key}.')
    return {key: flavor.extra_specs[key]}


@operation(body=schemas.CREATE)
def create(req, flavor_id):
    """POST /flavors/{flavor_id}/os-extra_specs"""
    req.authorize(rules.CREATE, {})
    specs = _checked(req, req.body['extra_specs'])
    req.cells.api.transact(_set, flavor_id, specs)
    return {'extra_specs': specs}


@operation(body=schemas.UPDATE)
def update(req, flavor_id, key):
    """PUT /flavors/{flavor_id}/os-extra_specs/{key}"""
    req.authorize(rules.UPDATE, {})
    specs = _checked(req, req.body)
    if key not in specs:
        raise errors.Invalid('Request body and URI mismatch')
    req.cells.api.transact(_set, flavor_id, specs)
    return specs


@operation()
def delete(req, flavor_id, key):
    """DELETE /flavors/{flavor_id}/os-extra_specs/{key}"""
    req.authorize(rules.DELETE, {})
    req.cells.api.transact(_delete, flavor_id, key)


def _checked(req, specs):
    """The extra specs with every value as text. Raises Invalid."""
    specs = {key: value if isinstance(value, str) else str(value) for key, value in specs.items()}
    for key, value in specs.items():
        if len(value) > _LONGEST:
            raise errors.Invalid(f'extra_specs value of {key} has {len(value)} characters, more than {_LONGEST}.')
        if req.version >= microversions.EXTRA_SPECS_VALIDATED:
            extra_specs.validate(key, value)
    return specs


def _set(tx, flavor_id, specs):
    flavors.set_extra_specs(tx, flavors.get(tx, flavor_id), specs)


def _delete(tx, flavor_id, key):
    flavors.delete_extra_spec(tx, flavors.get(tx, flavor_id), key)
