# SPDX-License-Identifier: Apache-2.0
"""What a guest is called at its hypervisor."""


def guest_name(template, server):
    """The name by `instance_name_template`, which takes the server's number or its `uuid`, `id` and `name`."""
    try:
        return template % server.id
    except TypeError:
        return template % {'uuid': server.uuid, 'id': server.id, 'name': server.display_name}
