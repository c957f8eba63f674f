# SPDX-License-Identifier: Apache-2.0
"""How flavors look."""

from nova_lite.api import microversions

_COLLECTION = 'flavors'


def brief(req, flavor):
    """A flavor in the short list."""
    found = {'id': flavor.flavorid, 'name': flavor.name, 'links': req.links.of(_COLLECTION, flavor.flavorid)}
    if req.version >= microversions.FLAVOR_DESCRIPTION:
        found['description'] = flavor.description
    return found


def whole(req, flavor, extra_specs):
    """A flavor with everything; `extra_specs`: whether the policy lets them be seen."""
    found = {
        'id': flavor.flavorid,
        'name': flavor.name,
        'ram': flavor.memory_mb,
        'disk': flavor.root_gb,
        'swap': flavor.swap or '',
        'OS-FLV-EXT-DATA:ephemeral': flavor.ephemeral_gb,
        'vcpus': flavor.vcpus,
        'os-flavor-access:is_public': flavor.is_public,
        'links': req.links.of(_COLLECTION, flavor.flavorid),
    }
    if req.version < microversions.FLAVOR_NAME_FILTER:
        found['OS-FLV-DISABLED:disabled'] = flavor.disabled
        found['rxtx_factor'] = flavor.rxtx_factor or ''
    if req.version >= microversions.STRICT_QUERIES:
        found['swap'] = flavor.swap
    if req.version >= microversions.FLAVOR_DESCRIPTION:
        found['description'] = flavor.description
    if extra_specs and req.version >= microversions.FLAVOR_EXTRA_SPECS_SHOWN:
        found['extra_specs'] = flavor.extra_specs
    return found


def page(flavors, next_links):
    """A list of flavors, already in their own view."""
    found = {'flavors': flavors}
    if next_links:
        found['flavors_links'] = next_links
    return found
