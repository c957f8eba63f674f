# SPDX-License-Identifier: Apache-2.0
"""One rule for each operation."""

from oslo_policy import policy

from nova_lite.placement.policies import base

_PROVIDER = '/resource_providers/{uuid}'
_TABLE = [
    ('resource_providers:list', 'List resource providers.', 'GET /resource_providers'),
    ('resource_providers:create', 'Create a resource provider.', 'POST /resource_providers'),
    ('resource_providers:show', 'Show a resource provider.', f'GET {_PROVIDER}'),
    ('resource_providers:update', 'Change a resource provider.', f'PUT {_PROVIDER}'),
    ('resource_providers:delete', 'Delete a resource provider.', f'DELETE {_PROVIDER}'),
    ('resource_classes:list', 'List resource classes.', 'GET /resource_classes'),
    ('resource_classes:create', 'Create a resource class.', 'POST /resource_classes'),
    ('resource_classes:show', 'Show a resource class.', 'GET /resource_classes/{name}'),
    ('resource_classes:update', 'Create or rename a resource class.', 'PUT /resource_classes/{name}'),
    ('resource_classes:delete', 'Delete a resource class.', 'DELETE /resource_classes/{name}'),
    ('resource_providers:inventories:list', 'List the inventories of a provider.', f'GET {_PROVIDER}/inventories'),
    ('resource_providers:inventories:create', 'Add an inventory to a provider.', f'POST {_PROVIDER}/inventories'),
    ('resource_providers:inventories:show', 'Show one inventory of a provider.',
     f'GET {_PROVIDER}/inventories/{{resource_class}}'),
    ('resource_providers:inventories:update', 'Change inventories of a provider.', f'PUT {_PROVIDER}/inventories',
     f'PUT {_PROVIDER}/inventories/{{resource_class}}'),
    ('resource_providers:inventories:delete', 'Delete inventories of a provider.', f'DELETE {_PROVIDER}/inventories',
     f'DELETE {_PROVIDER}/inventories/{{resource_class}}'),
    ('resource_providers:aggregates:list', 'List the aggregates of a provider.', f'GET {_PROVIDER}/aggregates'),
    ('resource_providers:aggregates:update', 'Set the aggregates of a provider.', f'PUT {_PROVIDER}/aggregates'),
    ('resource_providers:usages', 'Show what is used of a provider.', f'GET {_PROVIDER}/usages'),
    ('usages', 'Show what a project uses.', 'GET /usages'),
    ('traits:list', 'List traits.', 'GET /traits'),
    ('traits:show', 'Show a trait.', 'GET /traits/{name}'),
    ('traits:update', 'Create a trait.', 'PUT /traits/{name}'),
    ('traits:delete', 'Delete a trait.', 'DELETE /traits/{name}'),
    ('resource_providers:traits:list', 'List the traits of a provider.', f'GET {_PROVIDER}/traits'),
    ('resource_providers:traits:update', 'Set the traits of a provider.', f'PUT {_PROVIDER}/traits'),
    ('resource_providers:traits:delete', 'Remove the traits of a provider.', f'DELETE {_PROVIDER}/traits'),
    ('allocations:manage', 'Write the allocations of several consumers.', 'POST /allocations'),
    ('allocations:list', 'List the allocations of a consumer.', 'GET /allocations/{consumer_uuid}'),
    ('allocations:update', 'Write the allocations of a consumer.', 'PUT /allocations/{consumer_uuid}'),
    ('allocations:delete', 'Delete the allocations of a consumer.', 'DELETE /allocations/{consumer_uuid}'),
    ('resource_providers:allocations:list', 'List the allocations of a provider.', f'GET {_PROVIDER}/allocations'),
    ('allocation_candidates:list', 'List allocation candidates.', 'GET /allocation_candidates'),
    ('reshaper:reshape', 'Move inventories and allocations at once.', 'POST /reshaper'),
]
_SPECIAL = {'usages': base.ADMIN_OR_PROJECT_READER_OR_SERVICE, 'reshaper:reshape': base.SERVICE}


def _operation(text):
    method, path = text.split()
    return {'method': method, 'path': path}


RULES = [
    policy.DocumentedRuleDefault(f'placement:{name}', _SPECIAL.get(name, base.ADMIN_OR_SERVICE), description,
                                 [_operation(text) for text in operations], scope_types=['project'])
    for name, description, *operations in _TABLE]
