# SPDX-License-Identifier: Apache-2.0
"""Queries on a cell's `hosts`: the hypervisor nodes, what they told of themselves, and the service that runs them.

Rows returned carry the columns of `hosts` (`facts` as the plain data of `messages.hosts.HostFacts`) and of the
nova-compute beside it: `service_id`, `service_uuid`, `disabled`, `disabled_reason`, `forced_down`, `up`. A node whose
service row is gone has None in all of these but `up`, which is False.
"""

import sqlalchemy as sa

from nova_lite import errors, states
from nova_lite.db import orders, services
from nova_lite.db.models import cell as models
from nova_lite.db.upsert import upsert

_T = models.hosts
_S = models.services
_JOINED = _T.outerjoin(_S, sa.and_(_S.c.host == _T.c.host, _S.c.binary == 'nova-compute'))
# The step of a build whose refusal speaks against the host.
_START = 'start_guest'
# What keeps a host's disks and network busy.
_HEAVY = ('resize_migrating', 'resize_prep', 'rebuilding', 'image_snapshot', 'image_backup', 'rescuing', 'unshelving')


class HostRenamed(errors.Conflict):
    """A node came with another identity than the one that is known."""


def upsert_facts(tx, facts, now):
    """Keep what a node says of itself (`messages.hosts.HostFacts`). True if it is new.

    Raises HostRenamed if its uuid belongs to another host and node, or its host and node to another uuid: servers
    and allocations hang on both, so an operator has to say which is right (delete the service, or restore compute_id).
    """
    same = sa.or_(_T.c.uuid == facts.uuid, sa.and_(_T.c.host == facts.host, _T.c.node == facts.node))
    for row in tx.execute(sa.select(_T.c.uuid, _T.c.host, _T.c.node).where(same)):
        if (row.uuid, row.host, row.node) != (facts.uuid, facts.host, facts.node):
            raise HostRenamed(f'Node {facts.node} of host {facts.host} says it is {facts.uuid}, but '
                              f'{row.uuid} is node {row.node} of host {row.host}.')
    keys = {'uuid': facts.uuid, 'host': facts.host, 'node': facts.node}
    return upsert(tx, _T, keys, {'facts': facts, 'updated_at': now}, {'created_at': now, 'generation': 0})


def list(tx, *, down_after, host=None, uuids=None, after_id=None, limit=None):
    """Nodes by id. `uuids`: only these; `after_id` and `limit`: one page."""
    query = _select(down_after)
    if host is not None:
        query = query.where(_T.c.host == host)
    if uuids is not None:
        query = query.where(_T.c.uuid.in_(uuids))
    if after_id is not None:
        query = query.where(_T.c.id > after_id)
    return tx.execute(query.order_by(_T.c.id).limit(limit)).all()


def list_for_choice(tx, uuids, *, down_after):
    """What a choice among nodes needs: host, node, uuid, facts, disabled, forced_down, up."""
    columns = (_T.c.host, _T.c.node, _T.c.uuid, _T.c.facts, _S.c.disabled, _S.c.forced_down, _up(down_after))
    return tx.execute(sa.select(*columns).select_from(_JOINED).where(_T.c.uuid.in_(uuids)).order_by(_T.c.id)).all()


def search(tx, text, *, down_after):
    """Nodes whose name contains `text`, by id."""
    return tx.execute(_select(down_after).where(_T.c.node.contains(text, autoescape=True)).order_by(_T.c.id)).all()


def get(tx, uuid, *, down_after):
    """The node with this uuid, or None."""
    return tx.execute(_select(down_after).where(_T.c.uuid == uuid)).one_or_none()


def get_by_id(tx, id, *, down_after):
    """The node with this number, or None."""
    return tx.execute(_select(down_after).where(_T.c.id == id)).one_or_none()


def get_by_node(tx, host, node, *, down_after):
    """The node `node` of `host`, or None."""
    return tx.execute(_select(down_after).where(_T.c.host == host, _T.c.node == node)).one_or_none()


def names_of_hosts(tx):
    """The name of every host that has a node, sorted."""
    return tx.execute(sa.select(_T.c.host).distinct().order_by(_T.c.host)).scalars().all()


def count_servers(tx, hosts=None):
    """host -> number of its servers that are not deleted; of `hosts` only, if given."""
    servers = models.servers
    query = sa.select(servers.c.host, sa.func.count()).where(
        servers.c.deleted == sa.false(), servers.c.host.is_not(None)).group_by(servers.c.host)
    if hosts is not None:
        query = query.where(servers.c.host.in_(hosts))
    return {host: count for host, count in tx.execute(query)}


def count_io_ops(tx):
    """host -> number of its servers that are being built, resized, rebuilt or copied now."""
    servers, open_orders = models.servers, models.orders
    query = sa.select(servers.c.host, sa.func.count(servers.c.id.distinct())).select_from(
        open_orders.join(servers, servers.c.uuid == open_orders.c.server_uuid)).where(
            open_orders.c.state == orders.OPEN, servers.c.host.is_not(None),
            sa.or_(servers.c.vm_state == states.BUILDING, servers.c.task_state.in_(_HEAVY))).group_by(servers.c.host)
    return {host: count for host, count in tx.execute(query)}


def count_build_failures(tx, hosts, since):
    """host -> how often a guest could not be started there since `since` (a datetime) and since the last success."""
    steps = models.order_steps
    starts = sa.and_(steps.c.step == _START, steps.c.undoing == sa.false(), steps.c.started_at >= since)
    counts = {}
    failed = sa.select(steps.c.host, steps.c.id).where(
        starts, steps.c.host.in_(hosts), steps.c.state == orders.REFUSED)
    for host, id in tx.execute(failed):
        counts.setdefault(host, []).append(id)
    if not counts:
        return {}
    succeeded = dict(tx.execute(sa.select(steps.c.host, sa.func.max(steps.c.id)).where(
        starts, steps.c.host.in_(tuple(counts)), steps.c.state == orders.STEP_DONE).group_by(steps.c.host)).all())
    found = {host: sum(id > succeeded.get(host, 0) for id in ids) for host, ids in counts.items()}
    return {host: count for host, count in found.items() if count}


def of_servers(tx, uuids):
    """server uuid -> its host (None while it has none) of the servers among `uuids` that exist."""
    servers = models.servers
    query = sa.select(servers.c.uuid, servers.c.host).where(
        servers.c.uuid.in_(uuids), servers.c.deleted == sa.false())
    return {uuid: host for uuid, host in tx.execute(query)}


def uuids_of(tx, *, hosts=None, node=None):
    """The uuids of the nodes on these hosts, and with this name, as far as given."""
    query = sa.select(_T.c.uuid).order_by(_T.c.id)
    if hosts is not None:
        query = query.where(_T.c.host.in_(hosts))
    if node is not None:
        query = query.where(_T.c.node == node)
    return tx.execute(query).scalars().all()


def delete(tx, uuid):
    """Forget a node. False if it is not known."""
    return bool(tx.execute(_T.delete().where(_T.c.uuid == uuid)).rowcount)


def _select(down_after):
    columns = (_S.c.id.label('service_id'), _S.c.uuid.label('service_uuid'), _S.c.disabled, _S.c.disabled_reason,
               _S.c.forced_down, _up(down_after))
    return sa.select(_T, *columns).select_from(_JOINED)


def _up(down_after):
    return sa.func.coalesce(services.is_up(down_after), sa.false()).label('up')
