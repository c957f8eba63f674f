# SPDX-License-Identifier: Apache-2.0
"""POST /servers: from the body to `operations.create`. What has no part here yet is refused by its name."""

import ipaddress
import secrets
import urllib.parse

from nova_lite import errors
from nova_lite.api import microversions as mv
from nova_lite.api.operation import operation
from nova_lite.api.schemas import servers as schemas
from nova_lite.api.schemas import types
from nova_lite.api.views import servers as views
from nova_lite.operations.create import create
from nova_lite.operations.create_plan import Wish
from nova_lite.policies import servers as rules

# Without letters and digits that look alike.
_SYMBOLS = ('23456789', 'ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnopqrstuvwxyz')
_DEFAULT_GROUP = 'default'
# More than anybody may ask for, and what longer numbers count as.
_HUGE = 10 ** 18


class FieldNotHere(errors.Invalid):
    """A field of the body needs a part that this deployment does not have."""

    def __init__(self, field, why):
        super().__init__(f'Invalid input for field/attribute {field}. {why}')


@operation(body=schemas.CREATE, status=202)
def post(req):
    """POST /servers"""
    wanted = req.body['server']
    password = wanted['adminPass'] if 'adminPass' in wanted else _password(req.conf.password_length)
    wish = _wish(req, wanted, password)
    made = create(req.deps, req.context, wish)
    if types.is_true(wanted.get('return_reservation_id', False)):
        return {'reservation_id': made.reservation_id}
    first = made.servers[0]
    groups = [group for group in wanted.get('security_groups', [{'name': _DEFAULT_GROUP}]) if group]
    view = views.created(first, groups, req.links)
    if req.conf.api.enable_instance_password:
        view['adminPass'] = password
    req.response_headers['Location'] = req.links.self_link(views.COLLECTION, first['uuid'])
    return {'server': view}


def _wish(req, wanted, password):
    least, most = _counts(wanted)
    zone, force_host, force_node = _place(wanted.get('availability_zone'))
    _authorize(req, wanted, force_host, force_node)
    _refuse_what_is_not_here(wanted)
    if (wanted.get('host') or wanted.get('hypervisor_hostname')) and (force_host or force_node):
        raise errors.Invalid('One mechanism with host and/or hypervisor_hostname and another mechanism with '
                             'zone:host:node are mutually exclusive.')
    name = wanted['name'].strip()
    return Wish(
        name=name, flavor_ref=_id_of(wanted['flavorRef']), image_id=_image_id(wanted),
        min_count=least, max_count=most,
        description=wanted.get('description') if req.version >= mv.SERVER_DESCRIPTION else name,
        hostname=wanted.get('hostname'), zone=zone or req.conf.default_schedule_zone, force_host=force_host,
        force_node=force_node, requested_host=wanted.get('host'), requested_node=wanted.get('hypervisor_hostname'),
        scheduler_hints=_hints(req.body), metadata=wanted.get('metadata', {}),
        tags=tuple(sorted(set(wanted.get('tags', ())))), key_name=wanted.get('key_name'),
        user_data=wanted.get('user_data'), config_drive=types.is_true(wanted.get('config_drive', False)),
        access_ip_v4=address(wanted, 'accessIPv4'), access_ip_v6=address(wanted, 'accessIPv6'),
        disk_config=wanted.get('OS-DCF:diskConfig'), trusted_certs=wanted.get('trusted_image_certificates'),
        networks=wanted['networks'] if isinstance(wanted.get('networks'), str) else None,
        admin_password=password, may_be_diskless=req.allows(rules.CREATE_ZERO_DISK))


def address(wanted, field):
    """An address of a body in its usual spelling, None where there is none. Raises Invalid."""
    text = wanted.get(field)
    try:
        return None if text is None else str(ipaddress.ip_address(text))
    except ValueError as error:
        raise errors.Invalid(f'Invalid input for field/attribute {field}. Value: {text}.') from error


def _authorize(req, wanted, force_host, force_node):
    target = {'project_id': req.context.project_id, 'user_id': req.context.user_id,
              'availability_zone': wanted.get('availability_zone')}
    req.authorize(rules.CREATE, target)
    if wanted.get('trusted_image_certificates'):
        req.authorize(rules.CREATE_TRUSTED_CERTS, target)
    if force_host or force_node:
        req.authorize(rules.CREATE_FORCED_HOST, target)
    if wanted.get('host') or wanted.get('hypervisor_hostname'):
        req.authorize(rules.CREATE_DESTINATION, target)
    if wanted.get('block_device_mapping') or wanted.get('block_device_mapping_v2'):
        req.authorize(rules.CREATE_VOLUME, target)
    if wanted.get('networks') not in (None, [], 'none'):
        req.authorize(rules.CREATE_NETWORK, target)


def _counts(wanted):
    least = _number(wanted.get('min_count', 1))
    most = _number(wanted.get('max_count', least))
    if least > most:
        raise errors.Invalid('min_count must be <= max_count')
    return least, most


def _number(value):
    if isinstance(value, str) and len(value) > 18:
        return _HUGE
    return min(int(value), _HUGE)


def _place(asked):
    """(zone, host, node) of `zone`, `zone:host`, `zone:host:node` or `zone::node`. Raises Invalid."""
    zone, *place = (asked or '').split(':')
    if len(place) > 2:
        raise errors.Invalid('Invalid input received: Unable to parse availability_zone')
    host, node = (*place, None, None)[:2]
    return zone or None, host or None, node or None


def _image_id(wanted):
    if not wanted.get('imageRef'):
        raise errors.Invalid('Missing imageRef attribute')
    return wanted['imageRef']


def _id_of(reference):
    """The id at the end of a URL, or the id itself."""
    try:
        return urllib.parse.urlsplit(str(reference)).path.split('/')[-1]
    except ValueError as error:
        raise errors.Invalid(f'Invalid input for field/attribute flavorRef. Value: {reference}.') from error


def _hints(body):
    hints = body.get('os:scheduler_hints', body.get('OS-SCH-HNT:scheduler_hints', {}))
    return {name: value for name, value in hints.items() if not name.startswith('_nova')}


def _refuse_what_is_not_here(wanted):
    if wanted.get('block_device_mapping'):
        if wanted.get('block_device_mapping_v2'):
            raise errors.Invalid('Using different block_device_mapping syntaxes is not allowed in the same request.')
        raise FieldNotHere('block_device_mapping', 'There is no volume service.')
    for device in wanted.get('block_device_mapping_v2', ()):
        if not _is_the_image(device, wanted.get('imageRef')):
            raise FieldNotHere('block_device_mapping_v2', 'There is no volume service, and the only local disk is the '
                               'one made of imageRef: source_type image, destination_type local, boot_index 0, '
                               'delete_on_termination true.')
    if isinstance(wanted.get('networks'), list) and wanted['networks']:
        raise FieldNotHere('networks', "There is no network service: leave it out, or say 'none' or 'auto'.")
    if any(group.get('name', _DEFAULT_GROUP) != _DEFAULT_GROUP for group in wanted.get('security_groups', ())):
        raise FieldNotHere('security_groups', 'There is no network service.')
    if wanted.get('personality'):
        raise FieldNotHere('personality', 'Files are not injected into servers: use user_data.')


def _is_the_image(device, image_id):
    """Whether a block device says nothing but that the server boots from its image."""
    return (device.get('source_type') == 'image' and device.get('destination_type', 'local') == 'local'
            and device.get('uuid', device.get('image_id')) == image_id and str(device.get('boot_index')) == '0'
            and types.is_true(device.get('delete_on_termination', True))
            and not set(device) - {'source_type', 'destination_type', 'uuid', 'image_id', 'boot_index',
                                   'delete_on_termination'})


def _password(length):
    """A password with at least one character of each kind, as far as its length allows."""
    chosen = [secrets.choice(symbols) for symbols in _SYMBOLS][:length]
    chosen += [secrets.choice(''.join(_SYMBOLS)) for _ in range(length - len(chosen))]
    secrets.SystemRandom().shuffle(chosen)
    return ''.join(chosen)
