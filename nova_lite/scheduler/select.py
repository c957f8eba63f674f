# SPDX-License-Identifier: Apache-2.0
"""The whole decision: from a wish to a claimed host, or to the reasons why there is none. Read `select` first.

No RPC, and no HTTP inside a transaction. An answer without a destination is a definite no; whatever may be otherwise
in a moment (a peer that does not answer, too many claims at once) is raised as Unavailable.
"""

import dataclasses

import msgspec

from nova_lite import errors
from nova_lite.messages.scheduling import Destination, Selection
from nova_lite.scheduler import query as queries
from nova_lite.scheduler import registry
from nova_lite.scheduler.claims import Claims, Contended
from nova_lite.scheduler.explain import Trail
from nova_lite.scheduler.pledges import Pledges
from nova_lite.scheduler.rank import rank
from nova_lite.scheduler.snapshot import Reader

# How often placement is asked afresh when others took what it had proposed, and how many hosts are tried each time.
ROUNDS = 8
TRIES_PER_ROUND = 10

HELD, LOST, STALE = 'held', 'lost', 'stale'


@dataclasses.dataclass
class Parts:
    """What decisions are made with; one for each process."""

    runtime: object
    claims: Claims
    reader: Reader
    allocations: object
    request_filters: list
    filters: list
    weighers: list
    pledges: Pledges = dataclasses.field(default_factory=Pledges)

    @classmethod
    def of(cls, runtime, cells, placement):
        """From the daemon's runtime, the databases and a client of placement. Raises registry.UnknownPart."""
        conf = runtime.conf
        filters, weighers = registry.filters(conf), registry.weighers(conf)
        counts = frozenset(name for each in [*filters, *weighers] for name in each.counts)
        allocations = placement.allocations
        return cls(runtime, Claims(cells, allocations), Reader(conf, cells, runtime.clock, counts), allocations,
                   registry.request_filters(conf), filters, weighers)


def select(wish, parts):
    """Pick and claim a host for `wish`; returns a Selection.

    Raises Superseded when the order has gone on without us, Unavailable when the outcome is unknown.
    """
    for _ in range(ROUNDS):
        parts.claims.check_wanted(wish)
        request = parts.reader.request(wish)
        held = parts.claims.earlier(wish)
        if held is not None:
            destination = take_over(wish, request, held, parts)
            if destination is not None:
                return Selection(destination, destination.explanation)
            continue
        with parts.pledges.decision() as turn:
            hosts, trail = find_hosts(request, parts)
            if not hosts:
                return Selection(None, trail.end(), silent=trail.silent)
            destination = claim_best(hosts, trail, request, parts, turn)
        if destination is not None:
            return Selection(destination, destination.explanation)
    raise Contended()


def take_over(wish, request, held, parts):
    """The Destination of a claim that an earlier try of this order made; None if it was dropped, or changed hands.

    It is dropped if its host has failed meanwhile, is down, or is none that we know.
    """
    trail = Trail()
    node = parts.reader.node(wish, held.allocations)
    usable = node is not None and node.host not in wish.excluded_hosts and (
        request.forced or (node.up and node.disabled is False))
    if not usable:
        parts.claims.remove(wish, held.consumer_generation)
        return None
    generation = parts.claims.take_over(wish, held)
    if generation is None or not parts.claims.settle(wish, request, node.host, generation):
        return None
    trail.count('earlier claim', 1, 1, 'the claim of an earlier try was found')
    return _destination(node, _amounts(held), trail)


def find_hosts(request, parts):
    """(HostStates that may take the server, Trail). Placement's aggregates may lag behind ours: a narrowed question
    without an answer is asked again without them, as the hosts are checked anyway.
    """
    query = queries.of(request)
    request_filters = [each for each in parts.request_filters if each.concerns(request)]
    for each in request_filters:
        each.narrow(query, request)
    hosts, trail = _ask(request, query, request_filters, parts, narrow=True)
    if not hosts and query.narrowed:
        hosts, trail = _ask(request, query, request_filters, parts, narrow=False)
    return hosts, trail


def claim_best(hosts, trail, request, parts, turn):
    """Claim one of `hosts`, the best that is to be had; its Destination, or None to look afresh."""
    flavor = queries.flavor_resources(request.wish.flavor, request.wish.volume_backed)
    amounts = [flavor.get(name, 0) for name in ('VCPU', 'MEMORY_MB', 'DISK_GB')]
    order = None
    for _ in range(TRIES_PER_ROUND):
        with parts.pledges.lock:
            # Ranking and promising are one: two decisions side by side must see each other's choice.
            order = order or _rank(hosts, request, parts, turn)
            host = next(order, None)
            if host is None:
                return None
            promise = parts.pledges.add(host.uuid, amounts)
        outcome = LOST
        try:
            outcome = _claim(host, request, parts)
        finally:
            (parts.pledges.kept if outcome == HELD else parts.pledges.broken)(promise)
        if outcome == HELD:
            return _destination(host, _amounts(host.allocations[0]), trail)
        if outcome == STALE:
            return None
    return None


def _claim(host, request, parts):
    """Claim this host: HELD; LOST, another may do; STALE, what we know of server or group is of yesterday."""
    wish, claims = request.wish, parts.claims
    generation = claims.take(wish, host.allocations[0])
    if generation is None:
        return STALE if claims.earlier(wish) is not None else LOST
    return HELD if claims.settle(wish, request, host.host, generation) else STALE


def _rank(hosts, request, parts, turn):
    promised = parts.pledges.of(turn)
    seen = [_less(host, promised[host.uuid]) if host.uuid in promised else host for host in hosts]
    return rank(seen, parts.weighers, request, parts.runtime.conf.filter_scheduler, parts.runtime.random)


def _less(host, amounts):
    vcpus, ram, disk = amounts
    return msgspec.structs.replace(host, free_vcpus=host.free_vcpus - vcpus, free_ram_mb=host.free_ram_mb - ram,
                                   free_disk_gb=host.free_disk_gb - disk)


def _ask(request, query, request_filters, parts, narrow):
    """Ask placement, look the hosts up, filter them; (hosts, Trail)."""
    trail, wish = Trail(), request.wish
    if request.nodes == ():
        trail.count('requested host', 0, 0, 'no node of that name is known in the cell')
        return [], trail
    parameters = query.parameters(parts.runtime.conf.scheduler.max_placement_results, narrow=narrow)
    try:
        found = parts.allocations.candidates(parameters)
    except (errors.Invalid, errors.NotFound) as error:
        trail.count('placement', 0, 0, f'placement does not understand the request: {error}')
        return [], trail
    proposals = _by_node(found)
    asked = ' '.join(f'{name}={value}' for name, value in parameters)
    trail.count('placement', len(proposals), len(proposals), '' if proposals else f'nobody has room for {asked}')
    states = parts.reader.hosts(request, proposals) if proposals else {}
    if len(states) < len(proposals):
        trail.count('cell', len(proposals), len(states), 'no node of this cell', proposals.keys() - states.keys())
    hosts = list(states.values())
    if request.nodes is not None:
        hosts = trail.keep('requested host', hosts,
                           lambda host: None if host.uuid in request.nodes else 'was not asked for')
    if wish.excluded_hosts:
        hosts = trail.keep('excluded hosts', hosts,
                           lambda host: 'failed before' if host.host in wish.excluded_hosts else None)
    stages = [each for each in request_filters if each.checks_hosts]
    stages += [] if request.forced else [each for each in parts.filters if each.concerns(request)]
    silent = [host for host in hosts if _is_silent(host)]
    for stage in stages:
        hosts = trail.keep(type(stage).__name__, hosts, lambda host, stage=stage: stage.reason_against(host, request))
    trail.silent = not hosts and any(_fits_but_for_silence(host, stages, request) for host in silent)
    return hosts, trail


def _is_silent(host):
    return not host.up and host.disabled is False and not host.forced_down


def _fits_but_for_silence(host, stages, request):
    awake = msgspec.structs.replace(host, up=True)
    return all(stage.reason_against(awake, request) is None for stage in stages)


def _by_node(found):
    """root provider uuid -> ([Candidate], resource class -> what is free), as placement's answer has them."""
    summaries, proposals = found.provider_summaries, {}
    for candidate in found.allocation_requests:
        for root in {summaries[uuid].root_provider_uuid or uuid for uuid in candidate.allocations}:
            if root not in proposals:
                resources = summaries[root].resources if root in summaries else {}
                proposals[root] = ([], {name: each.capacity - each.used for name, each in resources.items()})
            proposals[root][0].append(candidate)
    return proposals


def _amounts(candidate):
    return {uuid: given.resources for uuid, given in candidate.allocations.items()}


def _destination(node, amounts, trail):
    return Destination(node.host, node.node, node.uuid, amounts, explanation=trail.end(node.host))
