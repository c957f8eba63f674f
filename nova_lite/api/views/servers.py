# SPDX-License-Identifier: Apache-2.0
"""How servers look at every microversion. Pure: rows in, plain data out; who may see what comes in as `Shown`."""

import dataclasses
import hashlib
import typing

from nova_lite import states
from nova_lite.api import microversions as mv
from nova_lite.api.views import times
from nova_lite.hardware import image_property_names
from nova_lite.hardware.guest_names import guest_name

COLLECTION = 'servers'

_PROGRESS = frozenset(('ACTIVE', 'BUILD', 'REBUILD', 'RESIZE', 'VERIFY_RESIZE', 'MIGRATING'))
_FAULT = frozenset(('ERROR', 'DELETED'))

# What host_status may be shown.
ALL = 'all'
ONLY_UNKNOWN = 'only unknown'


@dataclasses.dataclass(frozen=True)
class Shown:
    """What one request sees, decided once. `whole`: everything, not the short form of PUT before 2.75.

    `extended`: OS-EXT-SRV-ATTR; `host_status`: None, ALL or ONLY_UNKNOWN; `fault_details`: of unexpected faults;
    `groups`: server_groups, which the list never shows.
    """

    version: int
    links: typing.Any
    name_template: str = 'instance-%08x'
    whole: bool = True
    extended: bool = False
    extra_specs: bool = False
    host_status: str | None = None
    fault_details: bool = False
    groups: bool = False


@dataclasses.dataclass(frozen=True)
class Extras:
    """What is known of servers beside their rows: by uuid, and by host."""

    metadata: dict
    tags: dict = dataclasses.field(default_factory=dict)
    faults: dict = dataclasses.field(default_factory=dict)
    groups: dict = dataclasses.field(default_factory=dict)
    zones: dict = dataclasses.field(default_factory=dict)
    default_zone: str = 'nova'
    host_statuses: dict = dataclasses.field(default_factory=dict)


def brief(server, links):
    """A server in the plain list."""
    return {'id': server.uuid, 'name': server.display_name, 'links': links.of(COLLECTION, server.uuid)}


def brief_unknown(location, links):
    """A server in the plain list whose cell does not answer (2.69)."""
    return {'id': location.server_uuid, 'status': states.UNKNOWN_STATUS,
            'links': links.of(COLLECTION, location.server_uuid)}


def detail_unknown(location, links):
    """A server in the detailed list whose cell does not answer (2.69)."""
    return brief_unknown(location, links) | {'tenant_id': location.project_id,
                                             'created': times.zulu(location.created_at)}


def show_unknown(location, shown, groups):
    """One server whose cell does not answer (2.69): of image and flavor only what its quota counts is known."""
    flavor = {'vcpus': location.cores, 'ram': location.ram, 'disk': 0, 'ephemeral': 0, 'swap': 0,
              'original_name': states.UNKNOWN_STATUS}
    if shown.extra_specs:
        flavor['extra_specs'] = {}
    view = detail_unknown(location, shown.links) | {
        'image': '', 'flavor': flavor, 'user_id': location.user_id or states.UNKNOWN_STATUS,
        'OS-EXT-AZ:availability_zone': states.UNKNOWN_STATUS, 'OS-EXT-STS:power_state': states.NOSTATE}
    if shown.groups:
        view['server_groups'] = groups
    return view


def created(server, security_groups, links):
    """The answer to a create."""
    return {'id': server['uuid'], 'links': links.of(COLLECTION, server['uuid']),
            'OS-DCF:diskConfig': server['disk_config'], 'security_groups': security_groups}


def detail(server, extras, shown):
    """A server with everything that `shown` lets through."""
    version = shown.version
    status = 'DELETED' if server.deleted else states.status(server.vm_state, server.task_state)
    view = {
        'id': server.uuid,
        'name': server.display_name,
        'status': status,
        'tenant_id': server.project_id,
        'user_id': server.user_id,
        'metadata': extras.metadata.get(server.uuid, {}),
        'hostId': host_id(server.host, server.project_id),
        'image': _image(server, shown),
        'flavor': _flavor(server.flavor, shown),
        'created': times.zulu(server.created_at),
        'updated': times.zulu(server.updated_at or server.created_at),
        'addresses': {},
        'accessIPv4': server.access_ip_v4 or '',
        'accessIPv6': server.access_ip_v6 or '',
        'links': shown.links.of(COLLECTION, server.uuid),
        'OS-DCF:diskConfig': server.disk_config,
    }
    if status in _PROGRESS:
        view['progress'] = server.progress
    if status in _FAULT:
        fault = extras.faults.get(server.uuid)
        if fault is not None:
            view['fault'] = _fault(fault, shown)
    if shown.whole:
        _add_whole(view, server, extras, shown)
    if version >= mv.SERVER_LOCKED:
        view['locked'] = server.locked_by is not None
    if version >= mv.SERVER_DESCRIPTION:
        view['description'] = server.description
    if version >= mv.SERVER_TAGS:
        view['tags'] = extras.tags.get(server.uuid, [])
    if version >= mv.TRUSTED_CERTS:
        view['trusted_image_certificates'] = server.trusted_certs
    if shown.groups:
        view['server_groups'] = extras.groups.get(server.uuid, [])
    if version >= mv.LOCK_REASON:
        view['locked_reason'] = server.locked_reason
    if version >= mv.SERVER_HOSTNAME:
        view['OS-EXT-SRV-ATTR:hostname'] = server.hostname
    if version >= mv.SCHEDULER_HINTS_SHOWN:
        view['scheduler_hints'] = server.scheduler_hints or {}
    return view


def _add_whole(view, server, extras, shown):
    """What GET always shows, and PUT only from 2.75 on."""
    if server.host is None:
        zone = server.availability_zone or ''
    else:
        zone = extras.zones.get(server.host, extras.default_zone)
    view['OS-EXT-AZ:availability_zone'] = zone
    view['config_drive'] = 'True' if server.config_drive else ''
    view['key_name'] = server.key_name
    view['OS-SRV-USG:launched_at'] = times.naive(server.launched_at)
    view['OS-SRV-USG:terminated_at'] = times.naive(server.terminated_at)
    view['OS-EXT-STS:task_state'] = server.task_state
    view['OS-EXT-STS:vm_state'] = server.vm_state
    view['OS-EXT-STS:power_state'] = server.power_state
    view['os-extended-volumes:volumes_attached'] = []
    if shown.extended:
        _add_extended(view, server, shown)
    if shown.host_status is not None and shown.version >= mv.SERVER_HOST_STATUS:
        status = extras.host_statuses.get(server.host, '')
        if shown.host_status == ALL or status == states.UNKNOWN_STATUS:
            view['host_status'] = status
    if shown.version >= mv.PINNED_ZONE_SHOWN:
        view['pinned_availability_zone'] = server.availability_zone


def _add_extended(view, server, shown):
    view['OS-EXT-SRV-ATTR:host'] = server.host
    view['OS-EXT-SRV-ATTR:instance_name'] = guest_name(shown.name_template, server)
    view['OS-EXT-SRV-ATTR:hypervisor_hostname'] = server.node
    if shown.version < mv.SERVER_EXTENDED_ATTRIBUTES:
        return
    properties = (server.image or {}).get('properties', {})
    view['OS-EXT-SRV-ATTR:hostname'] = server.hostname
    view['OS-EXT-SRV-ATTR:kernel_id'] = properties.get('kernel_id', '')
    view['OS-EXT-SRV-ATTR:ramdisk_id'] = properties.get('ramdisk_id', '')
    view['OS-EXT-SRV-ATTR:launch_index'] = server.launch_index
    view['OS-EXT-SRV-ATTR:reservation_id'] = server.reservation_id
    view['OS-EXT-SRV-ATTR:root_device_name'] = server.root_device_name
    view['OS-EXT-SRV-ATTR:user_data'] = server.user_data


def _image(server, shown):
    if not server.image_id:
        return ''
    image = {'id': server.image_id, 'links': [
        {'rel': 'bookmark', 'href': shown.links.bookmark('images', server.image_id)}]}
    if shown.version >= mv.SERVER_IMAGE_PROPERTIES:
        properties = (server.image or {}).get('properties', {})
        image['properties'] = {key: value for key, value in properties.items()
                               if key in image_property_names.KNOWN and value is not None}
    return image


def _flavor(flavor, shown):
    if shown.version < mv.SERVER_FLAVOR_EMBEDDED:
        return {'id': flavor['flavorid'], 'links': [
            {'rel': 'bookmark', 'href': shown.links.bookmark('flavors', flavor['flavorid'])}]}
    view = {'vcpus': flavor['vcpus'], 'ram': flavor['memory_mb'], 'disk': flavor['root_gb'],
            'ephemeral': flavor['ephemeral_gb'], 'swap': flavor['swap'], 'original_name': flavor['name']}
    if shown.extra_specs:
        view['extra_specs'] = flavor['extra_specs']
    return view


def _fault(fault, shown):
    view = {'code': fault.code, 'created': times.zulu(fault.created_at), 'message': fault.message}
    if fault.details and (shown.fault_details or fault.code != 500):
        view['details'] = fault.details
    return view


def host_id(host, project_id):
    """A host's name that says nothing but whether two servers of a project share it; '' without a host."""
    return hashlib.sha224((project_id + host).encode()).hexdigest() if host else ''
