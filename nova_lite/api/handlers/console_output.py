# SPDX-License-Identifier: Apache-2.0
"""The console log of a server, asked of its host within the request."""

import re

from nova_lite import errors
from nova_lite.api.handlers.server_find import find
from nova_lite.api.operation import operation
from nova_lite.api.schemas import server_actions as schemas
from nova_lite.hardware.guest_names import guest_name
from nova_lite.messages import hosts
from nova_lite.operations.begin import ServerNotReady
from nova_lite.policies import server_actions as rules

# Control characters, but for tab and newline, never reach the client.
_CONTROL = re.compile('[\x00-\x08\x0b-\x1f]')


class NoSuchGuest(errors.NotFound):
    """The host has no such guest, or the guest no console."""

    message = 'Guest does not have a console available.'


@operation(body=schemas.CONSOLE_OUTPUT)
def show(req, server_id):
    """POST /servers/{server_id}/action os-getConsoleOutput"""
    found = find(req, server_id)
    req.authorize(rules.CONSOLE_OUTPUT, found.target)
    server = found.row
    if server.host is None:
        raise ServerNotReady(server_id)
    wanted = _length(req.body['os-getConsoleOutput'].get('length'))
    if wanted == 0:
        return {'output': ''}
    name = guest_name(req.conf.instance_name_template, server)
    try:
        log = req.deps.compute.console_log(server.host, hosts.ConsoleRequest(server_id, name, wanted))
    except errors.NotFound as error:
        raise NoSuchGuest() from error
    return {'output': _CONTROL.sub('', log.output)}


def _length(asked):
    """How many lines are wanted; None for all. No log has as many as a number too long for int()."""
    if asked is None or len(str(asked)) > 9 or int(asked) < 0:
        return None
    return int(asked)
