# SPDX-License-Identifier: Apache-2.0
"""How the projects of a private flavor look."""


def page(flavor, projects):
    """The list of projects that may use a flavor."""
    return {'flavor_access': [{'flavor_id': flavor.flavorid, 'tenant_id': project} for project in projects]}
