# SPDX-License-Identifier: Apache-2.0
"""nova-manage cell_v2: what is left of it where a cell needs no mapping. Nova's names, arguments and exit codes.

A server is born in its cell and a host belongs to the cell whose bus it is on, so there is no cell0, and neither hosts
nor servers are mapped. What only did that succeeds and says so: deployment tools call it.
"""

from nova_lite import errors
from nova_lite.db import cells, hosts, locations, services
from nova_lite.manage.command import Answer, Command, Table, argument, say
from nova_lite.service import logs

# The cell of [database] connection is no row, so it has an identity that never changes.
DEFAULT_UUID = '00000000-0000-0000-0000-000000000001'
DEFAULT_NAME = 'default'

_CELL_UUID = argument('--cell_uuid', metavar='<cell_uuid>', help='Only this cell.')
_TRANSPORT_URL = argument('--transport-url', metavar='<transport_url>', help='The message bus of the cell.')
_DATABASE = argument('--database_connection', metavar='<database_connection>', help='The database of the cell.')


class UnknownCell(errors.NotFound):
    """No cell has this uuid."""


def list_cells(cloud, verbose):
    """Every cell: the one of [database] connection first. Passwords only with `verbose`."""
    show = (lambda text: text) if verbose else (lambda text: text and logs.mask(text))
    conf = cloud.conf
    url = conf.database.connection or conf.api_database.connection
    rows = [(DEFAULT_NAME, DEFAULT_UUID, show(_transport_url(conf)), show(url), False)]
    with cloud.cells.api.read() as tx:
        rows += [(row.name, row.uuid, show(row.transport_url), show(row.database_connection), row.disabled)
                 for row in cells.rows(tx)]
    return Answer((Table(('Name', 'UUID', 'Transport URL', 'Database Connection', 'Disabled'), rows),))


def create_cell(cloud, name, database_connection, transport_url, verbose, disabled):
    """Succeeds for the cell that nova.conf names; this release runs no other."""
    own = cloud.conf.database.connection or cloud.conf.api_database.connection
    if database_connection in (None, own) and not disabled:
        return say(DEFAULT_UUID if verbose else 'The cell of [database] connection is there: nothing to do.')
    return say('This release runs one cell: the database of [database] connection. It cannot be disabled, and none '
               'can be added.', code=1)


def set_up(cloud, transport_url):
    """The first cell needs nothing but its schema."""
    return say('The cell is the database of [database] connection: nothing to set up.')


def map_cell0(cloud, database_connection):
    """There is no cell0: a server that finds no host stays in its cell."""
    return say('Cell0 is already setup: there is none, and none is needed.')


def map_cell_and_hosts(cloud, transport_url, name, verbose):
    """See `set_up` and `discover_hosts`."""
    return say(DEFAULT_UUID) if verbose else say('Neither cells nor hosts are mapped here: nothing to do.')


def map_servers(cloud, cell_uuid, max_count, reset_marker):
    """Every server's location is written before the server itself."""
    _check(cell_uuid)
    return say('Every server is known to its cell from its beginning: nothing to map.')


def discover_hosts(cloud, cell_uuid, verbose, strict, by_service):
    """Hosts appear by themselves; says how many there are."""
    _check(cell_uuid)
    count = len(_hosts(cloud))
    return say(f'Hosts appear by themselves when their nova-compute starts; {count} {_are(count)} known.')


def list_hosts(cloud, cell_uuid):
    """Every host with a nova-compute, and its cell; 1 if there is no such cell."""
    _check(cell_uuid)
    rows = [(DEFAULT_NAME, DEFAULT_UUID, host) for host in _hosts(cloud)]
    return Answer((Table(('Cell Name', 'Cell UUID', 'Hostname'), rows),))


def verify_server(cloud, uuid, quiet):
    """Whether a server is known, by the exit code: 0 it is, 1 it never was or is deleted."""
    with cloud.cells.api.read() as tx:
        row = locations.get(tx, uuid)
    code, text = (0, f'Instance {uuid} is in cell: {row.cell or DEFAULT_NAME} ({DEFAULT_UUID})') if row else (
        1, f'Instance {uuid} is not mapped to a cell (upgrade is incomplete) or instance does not exist')
    return Answer(() if quiet else (text,), code)


def _hosts(cloud):
    with cloud.cells.get().read() as tx:
        named = {row.host for row in services.list(
            tx, down_after=cloud.conf.service_down_time, binary='nova-compute')}
        return sorted(named | set(hosts.names_of_hosts(tx)))


def _check(uuid):
    if uuid not in (None, DEFAULT_UUID):
        raise UnknownCell(f'Cell with uuid {uuid} was not found.')


def _are(count):
    return 'is' if count == 1 else 'are'


def _transport_url(conf):
    from nova_lite.rpc.oslo import OsloBus  # slow to import, and only one command needs it
    OsloBus(conf)  # registers the option, and connects to nothing
    return conf.transport_url


COMMANDS = (
    Command('cell_v2', 'list_cells', 'List the cells.', list_cells, (
        argument('--verbose', action='store_true', help='Show passwords.'),)),
    Command('cell_v2', 'create_cell', 'Succeeds: the one cell is that of nova.conf.', create_cell, (
        argument('--name', metavar='<cell_name>', help='Not kept.'), _DATABASE, _TRANSPORT_URL,
        argument('--verbose', action='store_true', help="Print the cell's uuid."),
        argument('--disabled', action='store_true', help='Refused: the one cell cannot be disabled.'))),
    Command('cell_v2', 'simple_cell_setup', 'Succeeds: there is nothing to set up.', set_up, (_TRANSPORT_URL,)),
    Command('cell_v2', 'map_cell0', 'Succeeds: there is no cell0.', map_cell0, (_DATABASE,)),
    Command('cell_v2', 'map_cell_and_hosts', 'Succeeds: neither is mapped.', map_cell_and_hosts, (
        _TRANSPORT_URL, argument('--name', metavar='<cell_name>', help='Not kept.'),
        argument('--verbose', action='store_true', help="Print the cell's uuid."))),
    Command('cell_v2', 'map_instances', 'Succeeds: servers are not mapped.', map_servers, (
        argument('--cell_uuid', metavar='<cell_uuid>', required=True, help='The cell.'),
        argument('--max-count', metavar='<max_count>', type=int, help='Not needed.'),
        argument('--reset', dest='reset_marker', action='store_true', help='Not needed.'))),
    Command('cell_v2', 'discover_hosts', 'Succeeds: hosts appear by themselves.', discover_hosts, (
        _CELL_UUID, argument('--verbose', action='store_true', help='Not needed.'),
        argument('--strict', action='store_true', help='Not needed.'),
        argument('--by-service', action='store_true', help='Not needed.'))),
    Command('cell_v2', 'list_hosts', 'List the hosts and their cells.', list_hosts, (_CELL_UUID,)),
    Command('cell_v2', 'verify_instance', 'Say whether a server is known.', verify_server, (
        argument('--uuid', metavar='<instance_uuid>', required=True, help='The server.'),
        argument('--quiet', action='store_true', help='Only the exit code.'))),
)
