# SPDX-License-Identifier: Apache-2.0
"""Schemas of servers: create, update, list, show. What a field means is the handler's business."""

from nova_lite.api import microversions as mv
from nova_lite.api.schemas import server_parts as parts
from nova_lite.api.schemas import types
from nova_lite.api.validation import schemas

_BDM = types.closed({
    'virtual_name': {'type': 'string', 'maxLength': 255},
    'volume_id': parts.UUID,
    'snapshot_id': parts.UUID,
    'volume_size': types.integer(1),
    'device_name': {'type': 'string', 'minLength': 1, 'maxLength': 255, 'pattern': '^[a-zA-Z0-9._/-]*$'},
    'delete_on_termination': types.BOOLEAN,
    'no_device': {},
    'connection_info': {'type': 'string', 'maxLength': 16777215},
})
_HINTS = {'type': 'object', 'additionalProperties': True, 'properties': {
    'group': {'oneOf': [{'type': 'array', 'items': parts.UUID}, parts.UUID]},
    'different_host': {'oneOf': [parts.UUID, {'type': 'array', 'items': parts.UUID}]},
    'same_host': {'type': ['string', 'array'], 'items': parts.UUID},
    'query': {'type': ['string', 'object']},
    'target_cell': types.NAME,
    'different_cell': {'type': ['string', 'array'], 'items': {'type': 'string'}},
    'build_near_host_ip': parts.IP_ADDRESS,
    'cidr': {'type': 'string', 'pattern': '^/[0-9a-f.:]+$'},
}}
_LABEL = {'type': 'string', 'minLength': 2, 'maxLength': 63,
          'pattern': '^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$'}
_PERSONALITY = {'type': 'array', 'items': types.closed({
    'path': {'type': 'string'}, 'contents': {'type': 'string', 'format': 'base64'}})}
_TRUSTED_CERTS = {'type': ['array', 'null'], 'minItems': 1, 'maxItems': 50, 'uniqueItems': True,
                  'items': {'type': 'string', 'minLength': 1}}


def _networks(version):
    item = {'fixed_ip': parts.IP_ADDRESS, 'port': {'type': ['string', 'null'], 'format': 'uuid'},
            'uuid': {'type': 'string'}}
    if version >= mv.NETWORKS_AUTO:
        item['uuid'] = parts.UUID
    # 2.32 brought device tags, 2.37 lost those of networks by accident, 2.42 brought them back.
    if mv.DEVICE_TAGS <= version < mv.NETWORKS_AUTO or version >= mv.DEVICE_TAGS_AGAIN:
        item['tag'] = parts.TAG
    several = {'type': 'array', 'items': types.closed(item)}
    if version < mv.NETWORKS_AUTO:
        return several
    return {'oneOf': [several, {'type': 'string', 'enum': ['none', 'auto']}]}


def _bdm_v2(version):
    item = _BDM['properties'] | {
        'source_type': {'type': 'string', 'enum': ['volume', 'image', 'snapshot', 'blank']},
        'uuid': {'type': 'string', 'minLength': 1, 'maxLength': 255, 'pattern': '^[a-zA-Z0-9._-]*$'},
        'image_id': parts.UUID,
        'destination_type': {'type': 'string', 'enum': ['local', 'volume']},
        'guest_format': {'type': 'string', 'maxLength': 255},
        'device_type': {'type': 'string', 'maxLength': 255},
        'disk_bus': {'type': 'string', 'maxLength': 255},
        'boot_index': {'type': ['integer', 'string', 'null'], 'pattern': '^-?[0-9]+$'},
    }
    # 2.33 lost the tags of block devices by accident, 2.42 brought them back.
    if version == mv.DEVICE_TAGS or version >= mv.DEVICE_TAGS_AGAIN:
        item['tag'] = parts.TAG
    if version >= mv.VOLUME_TYPE:
        item['volume_type'] = {'type': ['string', 'null'], 'minLength': 0, 'maxLength': 255}
    return {'type': 'array', 'items': types.closed(item)}


def _described(version, name):
    """The fields that create and update share."""
    fields = {'name': name, 'OS-DCF:diskConfig': {'type': 'string', 'enum': ['AUTO', 'MANUAL']},
              'accessIPv4': {'type': 'string', 'format': 'ipv4'}, 'accessIPv6': {'type': 'string', 'format': 'ipv6'}}
    if version >= mv.SERVER_DESCRIPTION:
        fields['description'] = parts.DESCRIPTION
    if version >= mv.SERVER_HOSTNAME:
        fields['hostname'] = types.HOSTNAME if version >= mv.SERVER_HOSTNAME_FQDN else _LABEL
    return fields


def _create(version):
    name = types.LEGACY_NAME if version == mv.LEGACY else types.NAME
    fields = _described(version, name) | {
        'imageRef': {'oneOf': [parts.UUID, {'type': 'string', 'maxLength': 0}]},
        'flavorRef': {'type': ['string', 'integer'], 'minLength': 1},
        'adminPass': {'type': 'string'},
        'metadata': parts.METADATA,
        'networks': _networks(version),
        'availability_zone': name,
        'block_device_mapping': {'type': 'array', 'items': _BDM},
        'block_device_mapping_v2': _bdm_v2(version),
        'config_drive': types.BOOLEAN,
        'key_name': name,
        'min_count': parts.COUNT,
        'max_count': parts.COUNT,
        'return_reservation_id': types.BOOLEAN,
        'security_groups': {'type': 'array', 'items': types.closed({'name': name})},
        'user_data': {'type': ['string', 'null'] if version == mv.LEGACY else 'string', 'format': 'base64',
                      'maxLength': 65535},
    }
    if version < mv.PERSONALITY_GONE:
        fields['personality'] = _PERSONALITY
    if version >= mv.SERVER_CREATE_TAGS:
        fields['tags'] = parts.TAGS
    if version >= mv.TRUSTED_CERTS:
        fields['trusted_image_certificates'] = _TRUSTED_CERTS
    if version >= mv.REQUESTED_DESTINATION:
        fields |= {'host': types.HOSTNAME, 'hypervisor_hostname': types.HOSTNAME}
    required = ('name', 'flavorRef', *(['networks'] if version >= mv.NETWORKS_AUTO else ()))
    hints = {'os:scheduler_hints': _HINTS, 'OS-SCH-HNT:scheduler_hints': _HINTS}
    return types.closed({'server': types.closed(fields, *required), **hints}, 'server')


def _update(version):
    fields = _described(version, types.LEGACY_NAME if version == mv.LEGACY else types.NAME)
    if version >= mv.PINNED_ZONE_UPDATE:
        fields['pinned_availability_zone'] = {'oneOf': [
            {'type': 'string', 'minLength': 1, 'maxLength': 255}, {'type': 'null'}]}
    return types.enclosed('server', fields)


_ANY_PARAMS = (
    'user_id', 'project_id', 'tenant_id', 'launch_index', 'image_ref', 'image', 'vm_state', 'task_state', 'host',
    'uuid', 'sort_dir', 'all_tenants', 'soft_deleted', 'deleted', 'status', 'marker')
_REGEX_PARAMS = (
    'kernel_id', 'ramdisk_id', 'hostname', 'key_name', 'power_state', 'node', 'flavor', 'reservation_id', 'launched_at',
    'terminated_at', 'availability_zone', 'name', 'display_name', 'description', 'display_description', 'locked_by',
    'root_device_name', 'config_drive', 'access_ip_v4', 'access_ip_v6', 'auto_disk_config', 'progress', 'ip', 'ip6',
    'created_at')
# Names of Nova's joined tables: known, so that the handler can refuse them by name.
JOINED_PARAMS = (
    'block_device_mapping', 'services', 'metadata', 'system_metadata', 'info_cache', 'security_groups', 'pci_devices')
TAG_PARAMS = ('tags', 'tags-any', 'not-tags', 'not-tags-any')

SORT_KEYS = (
    'access_ip_v4', 'access_ip_v6', 'auto_disk_config', 'availability_zone', 'config_drive', 'created_at',
    'display_description', 'display_name', 'host', 'hostname', 'image_ref', 'instance_type_id', 'kernel_id', 'key_name',
    'launch_index', 'launched_at', 'locked_by', 'node', 'power_state', 'progress', 'project_id', 'ramdisk_id',
    'root_device_name', 'task_state', 'terminated_at', 'updated_at', 'user_id', 'uuid', 'vm_state')
# Accepted before 2.75 and then ignored.
IGNORED_SORT_KEYS = (
    'architecture', 'cell_name', 'cleaned', 'default_ephemeral_device', 'default_swap_device', 'deleted', 'deleted_at',
    'disable_terminate', 'ephemeral_gb', 'ephemeral_key_uuid', 'id', 'key_data', 'launched_on', 'locked', 'memory_mb',
    'os_type', 'reservation_id', 'root_gb', 'shutdown_terminate', 'user_data', 'vcpus', 'vm_mode')


def _index(version):
    times = ['changes-since']
    any_params, regex_params = [*_ANY_PARAMS, *JOINED_PARAMS], list(_REGEX_PARAMS)
    keys = [*SORT_KEYS, *IGNORED_SORT_KEYS]
    if version >= mv.SERVER_TAGS:
        regex_params += TAG_PARAMS
    if version >= mv.CHANGES_BEFORE:
        times.append('changes-before')
    if version >= mv.LOCK_REASON:
        any_params.append('locked')
    if version >= mv.STRICT_QUERIES:
        keys = [*SORT_KEYS, 'locked']
    params = {name: types.TEXT for name in any_params}
    params |= {name: types.several({'type': 'string', 'format': 'regex'}) for name in regex_params}
    params |= {name: types.several(parts.TIME) for name in times}
    params |= {'limit': types.LIMIT, 'sort_key': types.several({'type': 'string', 'enum': keys})}
    return {'type': 'object', 'properties': params, 'additionalProperties': version < mv.STRICT_QUERIES,
            'patternProperties': {'^_': types.TEXT}}


LIST = schemas(*parts.rows(_index, mv.LEGACY, mv.SERVER_TAGS, mv.CHANGES_BEFORE, mv.LOCK_REASON, mv.STRICT_QUERIES))
SHOW = types.NO_QUERY
CREATE = schemas(*parts.rows(
    _create, mv.LEGACY, mv.FIRST, mv.SERVER_DESCRIPTION, mv.DEVICE_TAGS, mv.DEVICE_TAGS + 1, mv.NETWORKS_AUTO,
    mv.DEVICE_TAGS_AGAIN, mv.SERVER_CREATE_TAGS, mv.PERSONALITY_GONE, mv.TRUSTED_CERTS, mv.VOLUME_TYPE,
    mv.REQUESTED_DESTINATION, mv.SERVER_HOSTNAME, mv.SERVER_HOSTNAME_FQDN))
UPDATE = schemas(*parts.rows(
    _update, mv.LEGACY, mv.FIRST, mv.SERVER_DESCRIPTION, mv.SERVER_HOSTNAME, mv.SERVER_HOSTNAME_FQDN,
    mv.PINNED_ZONE_UPDATE))
