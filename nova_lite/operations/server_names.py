# SPDX-License-Identifier: Apache-2.0
"""What a new server is called, by its user and by itself. Pure."""

import re

_LONGEST_HOSTNAME = 63


def of_server(name, hostname, uuid, number, count):
    """(display name, host name) of server `number` (from 0) of `count` made together.

    Servers made together are numbered from 1. Without a `hostname` it is made of the name, as Nova makes it.
    """
    if hostname is None:
        hostname = hostname_of(name) or f'Server-{uuid}'
        if count > 1 and not hostname.startswith('Server-'):
            hostname = f'{hostname}-{number + 1}'
    return (f'{name}-{number + 1}' if count > 1 else name), hostname


def hostname_of(name):
    """What is left of `name` as a host name (RFC 952, RFC 1123); '' when nothing is."""
    text = name.encode('latin-1', 'ignore').decode('latin-1')[:_LONGEST_HOSTNAME]
    text = re.sub(r'[ _.]', '-', text)
    return re.sub(r'[^\w.-]+', '', text).lower().strip('.-')


def root_device(image):
    """The root device's path that an image names, None without."""
    name = image.properties.get('root_device_name')
    return name if name is None or name.startswith('/dev/') else f'/dev/{name}'
