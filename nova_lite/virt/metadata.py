# SPDX-License-Identifier: Apache-2.0
"""What a guest is told about itself: the files of a config drive, in OpenStack's and EC2's layouts. Pure functions.

Each version's folder holds what that version defined, so that old clients find what they know.
"""

import base64
import json

OPENSTACK_VERSIONS = ('2012-08-10', '2013-04-04', '2013-10-17', '2015-10-15', '2016-06-30', '2016-10-06', '2017-02-22',
                      '2018-08-27', '2020-10-14')
EC2_VERSIONS = ('2009-04-04',)
LATEST = 'latest'

# the version that brought each thing
_RANDOM_SEED, _VENDOR_DATA, _NETWORK_DATA, _DEVICES = '2013-04-04', '2013-10-17', '2015-10-15', '2016-06-30'
_VENDOR_DATA_2, _DEDICATED_CPUS = '2016-10-06', '2020-10-14'


def files(guest, random_seed, dhcp_domain='', admin_password=None):
    """Path -> bytes of everything on the guest's config drive. `random_seed` is 512 bytes from a good source.

    `admin_password` is for OpenStack's `admin_pass`, which the guest may make its administrator's.
    """
    user_data = base64.b64decode(guest.user_data) if guest.user_data else None
    found = {}
    for version in (*OPENSTACK_VERSIONS, LATEST):
        folder = f'openstack/{version}/'
        about = meta_data(guest, version, random_seed, dhcp_domain)
        found[folder + 'meta_data.json'] = _json(about | ({'admin_pass': admin_password} if admin_password else {}))
        if user_data is not None:
            found[folder + 'user_data'] = user_data
        if _reached(version, _VENDOR_DATA):
            found[folder + 'vendor_data.json'] = _json({})
        if _reached(version, _NETWORK_DATA):
            found[folder + 'network_data.json'] = _json({'links': [], 'networks': [], 'services': []})
        if _reached(version, _VENDOR_DATA_2):
            found[folder + 'vendor_data2.json'] = _json({})
    for version in (*EC2_VERSIONS, LATEST):
        found[f'ec2/{version}/meta-data.json'] = _json(ec2_meta_data(guest, dhcp_domain))
        if user_data is not None:
            found[f'ec2/{version}/user-data'] = user_data
    return found


def meta_data(guest, version=LATEST, random_seed=b'', dhcp_domain=''):
    """The content of OpenStack's `meta_data.json`."""
    found = {'uuid': guest.uuid, 'hostname': _fqdn(guest, dhcp_domain), 'name': guest.display_name,
             'launch_index': guest.launch_index, 'availability_zone': guest.availability_zone}
    if guest.metadata:
        found['meta'] = dict(guest.metadata)
    if guest.key_name and guest.public_key:
        found['public_keys'] = {guest.key_name: guest.public_key}
        found['keys'] = [{'name': guest.key_name, 'type': 'ssh', 'data': guest.public_key}]
    if _reached(version, _RANDOM_SEED):
        found['random_seed'] = base64.b64encode(random_seed).decode()
    if _reached(version, _NETWORK_DATA):
        found['project_id'] = guest.project_id
    if _reached(version, _DEVICES):
        found['devices'] = []
    if _reached(version, _DEDICATED_CPUS):
        found['dedicated_cpus'] = []
    return found


def ec2_meta_data(guest, dhcp_domain=''):
    """The content of EC2's `meta-data.json`; without addresses, because there is no network here."""
    hostname = _fqdn(guest, dhcp_domain)
    found = {
        'ami-launch-index': guest.launch_index, 'hostname': hostname, 'local-hostname': hostname,
        'public-hostname': hostname, 'instance-type': guest.flavor.name, 'instance-action': 'none',
        'reservation-id': guest.reservation_id, 'placement': {'availability-zone': guest.availability_zone},
        'block-device-mapping': {'ami': _short(guest.root_device_name), 'root': guest.root_device_name or '/dev/vda'},
        'local-ipv4': '', 'public-ipv4': '', 'security-groups': [],
    }
    if guest.key_name and guest.public_key:
        found['public-keys'] = {'0': {'_name': '0=' + guest.key_name, 'openssh-key': guest.public_key}}
    return found


def _fqdn(guest, dhcp_domain):
    return f'{guest.hostname}.{dhcp_domain}' if dhcp_domain else guest.hostname


def _short(device):
    return (device or '/dev/vda').rpartition('/')[2]


def _reached(version, since):
    return version == LATEST or version >= since


def _json(content):
    return json.dumps(content).encode()
